//! HTML to text, as a browser would show it with neither scripts nor styles.
//!
//! The tokens are those of the HTML standard, and no tree is built: a tag out of place costs a line end at most, and
//! tags within tags cost nothing.
//!
//! ```text
//! <div>L4-5: <b>mild</b> stenosis</div><script>…</script>   ─▶   L4-5: mild stenosis
//! ```

use std::convert::Infallible;

use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer};

use super::flow::Flow;

/// The text of a page or a piece of one.
pub(in crate::io) fn text(html: &str) -> String {
    // Senders call plain text HTML; its lines mean something then.
    let mut page = Page { preformatted: usize::from(!html.contains('<')), ..Page::default() };
    let mut emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, _: Span<()>| -> Option<Infallible> {
        page.read(&event);
        None
    });
    emitter.naively_switch_states(true);
    let Ok(()) = Tokenizer::new_with_emitter(html, emitter).finish();
    page.flow.finish()
}

/// What the tags read so far have made.
#[derive(Default)]
struct Page {
    flow: Flow,
    /// How many elements are open whose line ends count.
    preformatted: usize,
    /// The element being passed over.
    hidden: Option<&'static [u8]>,
}

/// Elements whose content nobody sees.
const HIDDEN: &[&[u8]] = &[b"script", b"style", b"title", b"template"];

impl Page {
    fn read(&mut self, event: &CallbackEvent<'_>) {
        match *event {
            CallbackEvent::EndTag { name } if self.hidden.is_some_and(|hidden| hidden == name) => {
                self.hidden = None;
            }
            _ if self.hidden.is_some() => {}
            CallbackEvent::OpenStartTag { name } => self.open(name),
            CallbackEvent::EndTag { name } => self.close(name),
            CallbackEvent::String { value } => self.words(&String::from_utf8_lossy(value)),
            _ => {}
        }
    }

    fn words(&mut self, text: &str) {
        if self.preformatted > 0 { self.flow.kept(text) } else { self.flow.words(text) }
    }

    fn open(&mut self, name: &[u8]) {
        self.hidden = HIDDEN.iter().find(|hidden| **hidden == name).copied();
        match name {
            b"br" => self.flow.line_break(),
            b"ul" | b"menu" => self.flow.open_list(false),
            b"ol" => self.flow.open_list(true),
            b"li" => self.flow.item(),
            b"table" => self.flow.open_table(),
            b"tr" => self.flow.open_row(),
            b"td" | b"th" => self.flow.open_cell(),
            b"pre" | b"textarea" => {
                self.preformatted += 1;
                self.flow.block();
            }
            _ => self.part(name),
        }
    }

    fn close(&mut self, name: &[u8]) {
        match name {
            // A browser reads the stray end tag as a break.
            b"br" => self.flow.line_break(),
            b"ul" | b"ol" | b"menu" => self.flow.close_list(),
            b"table" => self.flow.close_table(),
            b"tr" => self.flow.close_row(),
            b"td" | b"th" => self.flow.close_cell(),
            b"pre" | b"textarea" => {
                self.preformatted = self.preformatted.saturating_sub(1);
                self.flow.block();
            }
            _ => self.part(name),
        }
    }

    /// Parts lines where a block starts or ends.
    fn part(&mut self, name: &[u8]) {
        match name {
            b"p" | b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" | b"blockquote" | b"hr" | b"dl" => {
                self.flow.block();
            }
            b"div" | b"section" | b"article" | b"header" | b"footer" | b"main" | b"aside" | b"nav"
            | b"address" | b"dt" | b"dd" | b"li" | b"caption" | b"form" | b"fieldset" | b"legend"
            | b"center" | b"figure" | b"figcaption" | b"details" | b"summary" | b"head" | b"body"
            | b"html" | b"option" => self.flow.line(),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_become_lines() {
        for (html, expected) in [
            ("", ""),
            ("plain\nlines &amp; more", "plain\nlines & more"),
            ("<p>a\n b</p><p>c</p>", "a b\n\nc"),
            ("<div>a</div><div>b<br>c</div>d", "a\nb\nc\nd"),
            ("<div>a</div><br><div>b</div>", "a\n\nb"),
            ("a<b>b</b> <i> c</i>", "ab c"),
            ("x&nbsp;&lt;5&#176; &#8211; &frac12;", "x <5° – ½"),
            ("<ul><li>a<li><p>b</p></ul>c", "- a\n- b\n\nc"),
            ("<ol><li>a</li><li>b</li></ol>", "1. a\n2. b"),
            ("<pre>a\n  b</pre>c", "a\n  b\n\nc"),
            (
                "<table><tr><th>Level</th><th>Side</th></tr><tr><td>L4-5<td>left</table>",
                "Level | Side\nL4-5 | left",
            ),
            ("<table><tr><td>a<br>b</td></tr></table>c", "a\nb\n\nc"),
            ("<h2>MRI</h2>a", "MRI\n\na"),
            ("<html><head><title>t</title></head><body>a</body></html>", "a"),
            ("a<!-- b --><?php c ?><![CDATA[d]]>e", "ae"),
            ("a<script>if (b < c) { '</p>' }</script><style>p{}</style>d", "ad"),
            ("<template>a</template>b", "b"),
            ("a < b, c > d", "a < b, c > d"),
            ("a<script>b", "a"),
            ("a</p></ul></td>b", "a\n\nb"),
            ("a\u{0}&#1;&#x7f;b<", "ab<"),
        ] {
            assert_eq!(text(html), expected, "{html}");
        }
    }

    #[test]
    fn depth_costs_nothing() {
        for tag in ["div", "ul", "table", "td", "pre", "b"] {
            let html =
                format!("{}a{}", format!("<{tag}>").repeat(100_000), format!("</{tag}>").repeat(100_000));
            assert_eq!(text(&html).trim_matches(['-', ' ']), "a", "{tag}");
        }
    }
}
