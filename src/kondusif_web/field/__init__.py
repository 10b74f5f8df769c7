"""What the field reports, what stands open, the posture of every village, and withdrawal through gates."""
