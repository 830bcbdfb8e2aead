//! States that are stored and shown by a stable code: one declaration gives the code, the list and the reading.

/// Declares an enum whose values have stable text codes.
macro_rules! coded {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $value:ident = $code:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$vdoc])* $value),+
        }

        impl $name {
            /// All values, in the order in which they are shown.
            pub const ALL: &'static [Self] = &[$(Self::$value),+];

            /// The stable code, used in the database and in addresses.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$value => $code),+ }
            }

            /// Reads a stable code.
            pub fn parse(code: &str) -> Option<Self> {
                match code {
                    $($code => Some(Self::$value),)+
                    _ => None,
                }
            }
        }
    };
}
pub(crate) use coded;
