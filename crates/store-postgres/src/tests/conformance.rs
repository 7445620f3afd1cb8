//! The suite of `baari-store`, three times.

mod direct {
    use crate::tests::database::{Database, Way};

    async fn fresh() -> Database {
        Database::empty(Way::Direct).await
    }

    baari_store::conformance!(fresh);
}

mod encrypted {
    use crate::tests::database::{Database, Way};

    async fn fresh() -> Database {
        Database::empty(Way::Encrypted).await
    }

    baari_store::conformance!(fresh);
}

mod pooled {
    use crate::tests::database::{Database, Way};

    async fn fresh() -> Database {
        Database::empty(Way::Pooled).await
    }

    baari_store::conformance!(fresh);
}
