//! What `baari bench` is held against still books.

use std::sync::Arc;

use baari_store::conformance::Hospital;
use baari_store::conformance::hospital::{DATE, doctor_id, patient_id};

use super::database::{Way, client};
use crate::PostgresStore;
use crate::bare::{BareFunction, Scratch};

#[tokio::test]
async fn the_bare_function_books_on_the_migrated_schema() {
    let scratch = Scratch::create(&Way::Direct.url()).await.unwrap();
    let store = PostgresStore::connect(&scratch.url()).await.unwrap();
    let hospital = Hospital::numbered(Arc::new(store), 1).await;
    hospital.write(vec![hospital.rehearsal(0).commit()]).await;

    let (doctor, patient) = (doctor_id(0).to_string(), patient_id(0).to_string());
    let bare = BareFunction {
        facility: hospital.facility,
        date: DATE,
        doctor_prefix: &doctor[..28],
        doctors: 1,
        patient_prefix: &patient[..28],
        patients: 5,
        reasons: "",
    };
    bare.install(&scratch).await.unwrap();
    let client = client(&scratch.url()).await;
    for expected in 1..=5_i32 {
        let row = client.query_one("SELECT bare.book()", &[]).await.unwrap();
        assert_eq!(row.get::<_, i32>(0), expected);
    }
    scratch.remove().await.unwrap();
}
