//! The macro that declares a section: a struct for the program and a table for everything else.

use crate::setting::Setting;
use crate::spec::OptionSpec;

/// What the loader needs of a section.
pub(crate) trait Section: Sized {
    const TITLE: &'static str;
    const SPECS: &'static [OptionSpec];

    /// Builds the section; `values` answers per option.
    fn read(values: &mut dyn Values) -> Self;

    /// Each option's path and its value as a TOML literal, in the order of declaration.
    fn show(&self, out: &mut Vec<(&'static str, Option<String>)>);
}

/// Where a section gets the winning value of an option from.
pub(crate) trait Values {
    /// The value that won, already known to be readable as the option's kind; `None` where no layer
    /// gives one and there is no default.
    fn winner(&mut self, spec: &'static OptionSpec) -> Option<crate::setting::Raw>;
}

/// Reads one field. Values are checked before sections are built, and defaults are checked by a test,
/// so what remains is the option that is off unless given.
pub(crate) fn field<T: Setting>(values: &mut dyn Values, spec: &'static OptionSpec) -> T {
    values
        .winner(spec)
        .and_then(|raw| T::from_raw(&raw))
        .or_else(T::absent)
        .expect("an option without a default is an Option")
}

/// Declares a section. Field: documentation, name, type, `= default`, `in lowest..=highest`.
macro_rules! section {
    ($title:literal, $prefix:literal, $(#[doc = $doc:literal])+ $name:ident {
        $($(#[doc = $field_doc:literal])+
        $field:ident: $kind:ty $(= $default:literal)? $(, in $lowest:literal..=$highest:literal)?;)+
    }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name {
            $($(#[doc = $field_doc])+ pub $field: $kind,)+
        }

        impl $crate::section::Section for $name {
            const TITLE: &'static str = $title;
            const SPECS: &'static [$crate::OptionSpec] = &[$($crate::OptionSpec {
                path: concat!($prefix, stringify!($field)),
                kind: <$kind as $crate::setting::Setting>::KIND,
                wanted: <$kind as $crate::setting::Setting>::WANTED,
                default: section!(@option $($default)?),
                bounds: section!(@option $(($lowest, $highest))?),
                secret: <$kind as $crate::setting::Setting>::SECRET,
                doc: &[$($field_doc),+],
                check: |raw, spec| $crate::spec::read::<$kind>(raw, spec).map(drop),
            }),+];

            fn read(values: &mut dyn $crate::section::Values) -> Self {
                let mut specs = Self::SPECS.iter();
                Self {
                    $($field: $crate::section::field(values, specs.next().expect("a spec per field")),)+
                }
            }

            fn show(&self, out: &mut Vec<(&'static str, Option<String>)>) {
                $(out.push((
                    concat!($prefix, stringify!($field)),
                    $crate::setting::Setting::show(&self.$field),
                ));)+
            }
        }
    };
    (@option) => { None };
    (@option $value:expr) => { Some($value) };
}
