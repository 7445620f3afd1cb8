//! The normal distribution, and quantiles of a Gamma distribution by way of it.

use std::f64::consts::PI;

/// The share of a standard normal below `z` (Abramowitz and Stegun 26.2.17; wrong by 7.5·10⁻⁸ at most).
pub(super) fn share_below(z: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.231_641_9 * z.abs());
    let series = [1.330_274_429, -1.821_255_978, 1.781_477_937, -0.356_563_782, 0.319_381_530];
    let tail = t * series.iter().fold(0.0, |sum, term| sum * t + term) * density(z);
    if z < 0.0 { tail } else { 1.0 - tail }
}

fn density(z: f64) -> f64 {
    (-z * z / 2.0).exp() / (2.0 * PI).sqrt()
}

/// Below which value this share of a standard normal lies (Abramowitz and Stegun 26.2.23; wrong by 4.5·10⁻⁴ at most).
pub(super) fn quantile(share: f64) -> f64 {
    let tail = share.min(1.0 - share).max(1e-9);
    let t = (-2.0 * tail.ln()).sqrt();
    let above = 2.515_517 + t * (0.802_853 + t * 0.010_328);
    let below = 1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308));
    let z = t - above / below;
    if share < 0.5 { -z } else { z }
}

/// The value of a Gamma distribution with this mean and variance that lies `z` standard deviations out on the scale on
/// which it is nearly normal, its cube root (Wilson and Hilferty 1931): z = 0 is the median.
pub(super) fn gamma_at(z: f64, mean: f64, variance: f64) -> f64 {
    if mean <= 0.0 || variance <= 0.0 {
        return mean.max(0.0);
    }
    let ninth = variance / (9.0 * mean * mean);
    mean * (1.0 - ninth + z * ninth.sqrt()).max(0.0).powi(3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_and_quantiles_are_those_of_the_tables() {
        for (z, share) in [(-3.0, 0.001_349_9), (-1.0, 0.158_655_3), (0.0, 0.5), (1.281_551_6, 0.9)] {
            assert!((share_below(z) - share).abs() < 1e-6, "{z}");
            assert!((quantile(share) - z).abs() < 5e-4, "{share}");
        }
    }

    #[test]
    fn quantiles_of_a_gamma_are_near_those_of_the_exponential() {
        // The exponential is the Gamma of shape 1, and the hardest one here: −ln(1 − share).
        for (z, share) in [(-1.281_551_6, 0.1_f64), (0.0, 0.5), (1.281_551_6, 0.9)] {
            let exact = -(1.0 - share).ln();
            assert!((gamma_at(z, 1.0, 1.0) - exact).abs() < 0.03, "{share}");
        }
        assert_eq!(gamma_at(1.0, 4.0, 0.0).to_bits(), 4.0_f64.to_bits());
    }
}
