//! The schema is ours alone.

use super::database::{Database, Way};

#[tokio::test]
async fn nothing_is_in_public_and_nothing_is_granted_to_public() {
    let database = Database::new(Way::Direct).await;
    database.store().await;
    let client = database.client().await;
    let in_public = "\
        SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace
        UNION ALL SELECT proname::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace
        UNION ALL SELECT typname::text FROM pg_type WHERE typnamespace = 'public'::regnamespace";
    // Grantee 0 is PUBLIC. Functions of the extension are the extension's. Without a right on the schema, nobody reaches what is in it.
    let granted = "\
        SELECT nspname::text FROM pg_namespace,
            aclexplode(coalesce(nspacl, acldefault('n', nspowner))) AS acl
        WHERE nspname = 'baari' AND acl.grantee = 0
        UNION ALL
        SELECT relname::text FROM pg_class,
            aclexplode(coalesce(relacl, acldefault('r', relowner))) AS acl
        WHERE relnamespace = 'baari'::regnamespace AND acl.grantee = 0
        UNION ALL
        SELECT proname::text FROM pg_proc,
            aclexplode(coalesce(proacl, acldefault('f', proowner))) AS acl
        WHERE pronamespace = 'baari'::regnamespace AND acl.grantee = 0
            AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')";
    for question in [in_public, granted] {
        let rows = client.query(question, &[]).await.unwrap();
        assert_eq!(rows.iter().map(|row| row.get(0)).collect::<Vec<String>>(), [""; 0]);
    }
}

#[tokio::test]
async fn the_search_path_is_not_relied_on() {
    let database = Database::new(Way::Direct).await;
    database.execute(&format!("ALTER DATABASE {} SET search_path = nowhere", database.name)).await;
    let hospital = baari_store::conformance::Hospital::new(&database).await;
    let mut rehearsal = hospital.rehearsal(0);
    hospital.write(vec![rehearsal.commit()]).await;
    assert_eq!(hospital.load(hospital.key(0)).await, rehearsal.day);
}
