//! Where people and practices are.

use serde::{Deserialize, Serialize};

/// Degrees of latitude or longitude.
pub type Degrees = f64;

/// A place on the globe in degrees (WGS 84).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Position {
    /// Degrees north, −90 to 90.
    pub latitude: Degrees,
    /// Degrees east, −180 to 180.
    pub longitude: Degrees,
}

impl Position {
    /// The place at these millionths of a degree, which is how places are stored.
    #[must_use]
    pub fn from_microdegrees(latitude: i32, longitude: i32) -> Self {
        Self { latitude: f64::from(latitude) / 1_000_000.0, longitude: f64::from(longitude) / 1_000_000.0 }
    }

    /// Whether both coordinates are numbers on the globe.
    #[must_use]
    pub fn is_on_globe(&self) -> bool {
        (-90.0..=90.0).contains(&self.latitude) && (-180.0..=180.0).contains(&self.longitude)
    }
}
