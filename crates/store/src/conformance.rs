//! The suite that every store passes on its real database.
