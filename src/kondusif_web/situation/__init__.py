"""The posko board, the village page, the book's pages. No tables; it reads across contexts."""
