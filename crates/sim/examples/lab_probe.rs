use baari_engine::PolicyKind;
use baari_sim::lab::*;
fn main() {
    let n: usize = std::env::args().nth(1).and_then(|a| a.parse().ok()).unwrap_or(400);
    let seed = 1;
    for policy in [PolicyKind::Band, PolicyKind::Target] {
        for (name, world) in [("normal", World::NORMAL), ("busy", World::BUSY), ("slow", World::SLOW)] {
            let d = days(world, policy, seed, &unknown(n)).unwrap();
            show(&format!("{policy} {name}"), &d);
            if name == "slow" {
                let d = days(world, policy, seed, &learned(&d.paces)).unwrap();
                show(&format!("{policy} {name} learned"), &d);
            }
        }
    }
    let d = days(World::NORMAL, PolicyKind::Strict, seed, &unknown(n)).unwrap();
    show("strict normal", &d);
    let d = days(World::BUSY, PolicyKind::Strict, seed, &unknown(n)).unwrap();
    show("strict busy", &d);
}
fn show(name: &str, d: &Days) {
    let m = &d.measure;
    let p = [Plain::ListFromStart, Plain::HereFromStart, Plain::ListFromNow, Plain::HereFromNow]
        .map(|p| m.against_plain(p));
    let w = &d.walk_in_waits;
    println!(
        "{name:20} n={} mae={:.2} bias={:+.2} plain={:.3} {:.3} {:.3} {:.3} les={:.3} band={:.3} all={:.3} early={:.3} walkin mean={:.1} p95={:.1} refused/day? seen={:.2}",
        m.told,
        m.error_min(),
        m.bias_min(),
        p[0],
        p[1],
        p[2],
        p[3],
        m.against_last_wait(),
        m.in_band(),
        m.in_band_of_all(),
        m.told_too_early(),
        w.iter().sum::<f64>() / w.len() as f64,
        w[w.len() * 95 / 100],
        w.len() as f64 / d.paces.len() as f64
    );
}
