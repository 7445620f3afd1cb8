//! Slips as they come out of a printer on the network. Needs a font that has Devanagari.

use serde_json::json;

use crate::paper::{Picture, Piece, read};
use crate::server::{Server, TODAY};
use crate::world::{World, text};

/// The slip of a token with this doctor, in this room.
async fn printed(world: &World<'_>, doctor: &str, room: &str) -> Vec<Piece> {
    let doctor = world.did("POST", "/api/doctor", json!({ "name": doctor, "room": room })).await;
    let slot = json!({ "doctor_id": doctor["id"], "slot_date": TODAY, "start_time": "03:00", "end_time": "07:00",
                       "max_count": 20 });
    let slot = world.did("POST", "/api/slot", slot).await;
    let book = json!({ "patient_id": world.own.spare, "doctor_id": doctor["id"], "source": "walk_in",
                       "slot_id": slot["id"] });
    let token = text(&world.did("POST", "/api/token/book", book).await, "id");
    world.did("POST", &format!("/api/token/{token}/print"), json!({ "printer": "desk" })).await;
    read(&world.server.slip().await)
}

/// The slip in words: its lines, and what is a picture or a code.
fn told(pieces: &[Piece]) -> Vec<String> {
    let tell = |piece: &Piece| match piece {
        // When exactly is the engine's to know.
        Piece::Line(text, times) if text.starts_with("about 0") => format!("{times} about"),
        Piece::Line(text, times) => format!("{times} {text}"),
        Piece::Picture(_) => "picture".to_owned(),
        Piece::Code(address) => address.split('/').take(4).collect::<Vec<_>>().join("/"),
    };
    pieces.iter().map(tell).collect()
}

fn pictures(pieces: &[Piece]) -> Vec<&Picture> {
    let pictures = pieces.iter().filter_map(|piece| match piece {
        Piece::Picture(picture) => Some(picture),
        Piece::Line(..) | Piece::Code(_) => None,
    });
    pictures.collect()
}

#[tokio::test]
async fn a_slip_is_english_text_and_hindi_pictures_below() {
    let server = Server::start().await;
    let world = World::new(&server, server.main, "main").await;
    let slip = printed(&world, "Dr Joshi", "3").await;
    let expected = [
        "1 Test",
        "8 C-01",
        "1 Dr Joshi",
        "2 Room 3",
        "1 Mon 2 Feb - 03:00-07:00",
        "1 Walk-in",
        "2 about",
        "picture",
        "picture",
        "picture",
        "picture",
        "https://baari.test/t",
        "1 Times move. Scan to see yours.",
        "picture",
    ];
    assert_eq!(told(&slip), expected);
    let drawn = pictures(&slip);
    for (at, picture) in drawn.iter().enumerate() {
        let (before, behind) = picture.margins();
        assert!(picture.width == 384 && picture.ink() > 300, "{} dots of {at}", picture.ink());
        assert!(before.abs_diff(behind) <= 6, "{at}: {before} before and {behind} behind");
        assert!(!drawn[..at].contains(picture), "{at} looks like one before");
    }
}

#[tokio::test]
async fn hindi_names_are_drawn_where_they_stand() {
    let server = Server::start().await;
    let world = World::new(&server, server.main, "main").await;
    world.did("PATCH", "/api/setting", json!({ "name": "सिटी अस्पताल" })).await;
    let slip = printed(&world, "डॉ. शर्मा", "क").await;
    assert_eq!(
        told(&slip)[..6],
        ["picture", "8 C-01", "picture", "picture", "1 Mon 2 Feb - 03:00-07:00", "1 Walk-in"]
    );
    let other = printed(&world, "डॉ. वर्मा", "ख").await;
    let (one, other) = (pictures(&slip), pictures(&other));
    assert_eq!(one[0], other[0], "the hospital");
    assert_ne!(one[1], other[1], "the doctor");
    assert_ne!(one[2], other[2], "the room, in English");
    assert_ne!(one[3], other[3], "the room, in Hindi");
}

#[tokio::test]
async fn names_are_pictures_in_every_mixture_and_spelled_where_no_font_has_them() {
    let server = Server::start().await;
    let world = World::new(&server, server.main, "main").await;
    for (doctor, spelled) in [
        ("Dr राव", None),
        ("Dr José Müller", None),
        ("Children’s doctor", Some("Children's doctor")),
        ("डॉ. शर्मा \u{378}", Some("Dr. Sharma ?")),
    ] {
        let slip = printed(&world, doctor, "").await;
        let expected = spelled.map_or("picture".to_owned(), |spelled| format!("1 {spelled}"));
        assert_eq!(told(&slip)[2], expected, "{doctor}");
    }
}
