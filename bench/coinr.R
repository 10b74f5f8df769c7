# The work of bench/index_speed.py in COINr, for a figure of a peer that was run beside ours:
#
#   Rscript bench/coinr.R build 10000     normalise (min-max) and aggregate 60 indicators in 3 levels, 5 % missing
#   Rscript bench/coinr.R draws 1000      100 draws of weights (+-25 %) and of the normalisation
#
# Prints wall seconds and processor seconds (user + system, children included) of the quickest of some runs, and
# the version of COINr. Written for COINr 1.1.14.

suppressPackageStartupMessages(library(COINr))

args <- commandArgs(trailingOnly = TRUE)
units <- as.integer(args[2])
set.seed(99)

k <- 0:59
codes <- sprintf("i%02d", k)
x <- matrix(rgamma(units * 60, shape = 2, scale = 3), units)
x[, 1:12] <- x[, 1:12] > 5
x[, 13:24] <- round(x[, 13:24])
x[runif(length(x)) < 0.05] <- NA
iData <- setNames(data.frame(sprintf("u%07d", seq_len(units)), x), c("uCode", codes))
iMeta <- rbind(
  data.frame(iCode = codes, Level = 1, Parent = sprintf("g%d", k %% 6),
             Direction = ifelse(k %% 7 == 0, -1, 1), Weight = 1 + k %% 3, Type = "Indicator"),
  data.frame(iCode = sprintf("g%d", 0:5), Level = 2, Parent = "index", Direction = 1, Weight = 1:6,
             Type = "Aggregate"),
  data.frame(iCode = "index", Level = 3, Parent = NA, Direction = 1, Weight = 1, Type = "Aggregate")
)

minmax <- list(f_n = "n_minmax", f_n_para = list(l_u = c(0, 100)))
zscore <- list(f_n = "n_zscore", f_n_para = list(m_sd = c(40, 15)))

scored <- function(coin) {
  coin <- Normalise(coin, dset = "Raw", global_specs = minmax)
  Aggregate(coin, dset = "Normalised", f_ag = "a_amean", w = "Original")
}

coin <- new_coin(iData, iMeta, quietly = TRUE)
if (args[1] == "build") {
  work <- function() scored(coin)
} else {
  noise <- data.frame(Level = c(1, 2), NoiseFactor = c(0.25, 0.25))
  done <- scored(coin)
  weights <- get_noisy_weights(w = done$Meta$Weights$Original, noise_specs = noise, Nrep = 100)
  specs <- list(
    Weights = list(Address = "$Log$Aggregate$w", Distribution = weights, Type = "discrete"),
    Normalisation = list(Address = "$Log$Normalise$global_specs", Distribution = list(minmax, zscore),
                         Type = "discrete")
  )
  work <- function() {
    get_sensitivity(done, SA_specs = specs, N = 100, SA_type = "UA", dset = "Aggregated", iCode = "index",
                    quietly = TRUE, check_addresses = FALSE)
  }
}

runs <- sapply(seq_len(if (units >= 100000) 1 else 3), function(run) {
  took <- system.time(invisible(suppressMessages(work())))
  c(took["elapsed"], sum(took[c("user.self", "sys.self", "user.child", "sys.child")], na.rm = TRUE))
})
cat(min(runs[1, ]), min(runs[2, ]), as.character(packageVersion("COINr")), "\n")
