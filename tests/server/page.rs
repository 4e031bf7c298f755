//! The live page is the one that was built, and may speak with its server alone.

use std::path::Path;

use super::client::{Server, TOKEN};

#[test]
fn the_page_is_served_to_anyone_and_asks_nobody_else() {
    let server = Server::with(&[], &[("FORAMEN_TOKEN", TOKEN)]);
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("web/dist");
    for (path, file, kind) in [
        ("/", "index.html", "text/html; charset=utf-8"),
        ("/page.js", "page.js", "text/javascript; charset=utf-8"),
        ("/page.css", "page.css", "text/css; charset=utf-8"),
        ("/icon.svg", "icon.svg", "image/svg+xml"),
    ] {
        let answer = server.get(path);
        assert_eq!((answer.status, answer.header("content-type")), (200, kind), "{path}");
        assert_eq!(answer.body, std::fs::read_to_string(built.join(file)).unwrap(), "{path}");
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{policy}");
        assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
    }
    // All that the page names lies beside it.
    let page = server.get("/").body;
    let is_file = |word: &&str| matches!(word.rsplit_once('.'), Some((_, "js" | "css" | "svg")));
    for quoted in page.split(['"', '\'']).filter(is_file) {
        assert_eq!(server.get(&format!("/{quoted}")).status, 200, "{quoted}");
    }
}
