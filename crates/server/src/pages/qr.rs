//! QR codes, as pictures that stay sharp at any size.

use qrcode::render::svg::Color;
use qrcode::{EcLevel, QrCode};

/// The code of this text, as SVG to stand in a page: one unit is one module, and around it is the margin that readers need. Black
/// on white whatever the page's colours are. Nothing for a text that is too long for a code, which no address of ours is.
pub(crate) fn svg(text: &str) -> String {
    let Ok(code) = QrCode::with_error_correction_level(text, EcLevel::M) else { return String::new() };
    let svg = code.render::<Color>().module_dimensions(1, 1).build();
    svg.split_once("?>").map_or(svg.clone(), |(_, picture)| picture.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_one_picture_of_square_modules() {
        let svg = svg("https://baari.example/t/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
        assert!(svg.starts_with("<svg") && svg.ends_with("</svg>"), "{svg}");
        // 33 modules (version 4), and 4 of margin on each side.
        assert!(svg.contains("viewBox=\"0 0 41 41\"") && svg.contains("crispEdges"), "{svg}");
    }
}
