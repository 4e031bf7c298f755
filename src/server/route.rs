//! The places that a server answers at: the one list of them, so that a log line or a metric can only name one of these.

use axum::extract::MatchedPath;

macro_rules! routes {
    ($($(#[$doc:meta])* $name:ident = $path:literal, open: $open:literal;)+) => {
        /// A place that a server answers at.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(super) enum Route {
            $($(#[$doc])* $name,)+
            /// None of these.
            Other,
        }

        impl Route {
            /// Every place.
            pub(super) const ALL: &[Self] = &[$(Self::$name,)+];

            /// The path, with the names of its parts in braces.
            pub(super) const fn path(self) -> &'static str {
                match self {
                    $(Self::$name => $path,)+
                    Self::Other => "other",
                }
            }

            /// Whether no token is needed: what holds nothing of a note, and what a browser cannot send one to.
            pub(super) const fn is_open(self) -> bool {
                match self {
                    $(Self::$name => $open,)+
                    Self::Other => false,
                }
            }

            fn of(path: &str) -> Self {
                match path {
                    $($path => Self::$name,)+
                    _ => Self::Other,
                }
            }
        }
    };
}

routes! {
    /// The live page.
    Page = "/", open: true;
    /// Its script.
    Script = "/page.js", open: true;
    /// Its style.
    Style = "/page.css", open: true;
    /// Its icon.
    Icon = "/icon.svg", open: true;
    /// One note.
    Audit = "/v1/audit", open: false;
    /// Many notes.
    Batch = "/v1/audit/batch", open: false;
    /// A live session.
    Session = "/v1/session", open: false;
    /// The services of CDS Hooks.
    Services = "/cds-services", open: true;
    /// One of them.
    Service = "/cds-services/{id}", open: false;
    /// What became of its cards.
    Feedback = "/cds-services/{id}/feedback", open: false;
    /// The rules, as JSON.
    Rules = "/v1/rules", open: true;
    /// A rule's page, as Markdown.
    Rule = "/rules/{code}", open: true;
    /// The description of all this.
    OpenApi = "/openapi.json", open: true;
    /// Whether the process lives.
    Health = "/healthz", open: true;
    /// Whether it takes requests.
    Ready = "/readyz", open: true;
    /// What it counts.
    Metrics = "/metrics", open: false;
}

impl Route {
    /// The place that the router found.
    pub(super) fn found(path: Option<&MatchedPath>) -> Self {
        path.map_or(Self::Other, |path| Self::of(path.as_str()))
    }
}
