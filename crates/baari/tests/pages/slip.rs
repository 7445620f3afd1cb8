//! The slip, on the two widths of paper that there are.

use serde_json::json;

use crate::browser::DESK;
use crate::driver::Place;
use crate::hospital::Morning;

#[test]
fn the_number_fits_the_paper_however_long_it_is() {
    let _place = Place::take();
    let morning = Morning::shared();
    let desk = morning.browser(DESK);
    for mm in ["58", "80"] {
        desk.go(&morning.address(&format!("/slip/{{token}}?mm={mm}")));
        desk.until("the slip", "return document.readyState === 'complete'", &[]);
        let mut before = f64::MAX;
        for label in ["A-14", "A-114", "AB-1140", "AB-114000"] {
            let script =
                "const slip = document.getElementById('slip'), it = document.getElementById('label');
                it.textContent = arguments[0];
                it.style.fontSize = '';
                dispatchEvent(new Event('load'));
                return [it.scrollWidth - slip.clientWidth, parseFloat(getComputedStyle(it).fontSize)]";
            let said = desk.script(script, &[json!(label)]);
            let (over, size) = (said[0].as_f64().unwrap(), said[1].as_f64().unwrap());
            assert!(over <= 1.0, "{label} is {over} px wider than {mm} mm");
            assert!(size <= before, "{label} on {mm} mm");
            before = size;
        }
    }
}
