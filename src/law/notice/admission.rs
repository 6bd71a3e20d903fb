//! Plain admissions: words that tell of what was found, where it stands or what it is called, whatever verb they take. Looks
//! at one sentence at a time, in small letters; knows nothing of letters or findings.

/// What can be found in an authority.
const THINGS: [&str; 34] = [
    "information",
    "record",
    "records",
    "document",
    "documents",
    "file",
    "files",
    "email",
    "emails",
    "e-mail",
    "e-mails",
    "letter",
    "letters",
    "report",
    "reports",
    "minutes",
    "paper",
    "papers",
    "page",
    "pages",
    "entry",
    "entries",
    "item",
    "items",
    "note",
    "notes",
    "memo",
    "memorandum",
    "material",
    "data",
    "correspondence",
    "recording",
    "recordings",
    "nothing",
];

/// Who finds.
const FINDERS: [&str; 9] =
    ["we", "we have", "we had", "search", "searches", "the search has", "searches have", "the team", "officers"];

/// Finding.
const FINDING: [&str; 9] =
    ["found", "located", "identified", "retrieved", "returned", "uncovered", "traced", "reviewed", "gathered"];

/// What is said of what there is.
const BEING: [&str; 18] = [
    "is",
    "are",
    "was",
    "were",
    "show",
    "shows",
    "contain",
    "contains",
    "consist",
    "consists",
    "relate",
    "relates",
    "include",
    "includes",
    "comprise",
    "comprises",
    "describe",
    "describes",
];

/// How many words may stand between finding and what was found, like a number or an adjective.
const WORDS_BETWEEN: usize = 3;

/// Whether a sentence admits that there is something, or that there is nothing.
pub(super) fn admits(sentence: &str) -> bool {
    // The regulator is no information.
    let sentence =
        sentence.replace("information commissioner", "commissioner").replace("information tribunal", "tribunal");
    let words: Vec<&str> = sentence
        .split(|letter: char| !letter.is_alphanumeric() && letter != '-')
        .filter(|word| !word.is_empty())
        .collect();
    (0..words.len()).any(|at| {
        let rest = words.get(at..).unwrap_or_default();
        tells_of_finding(rest) || tells_of_thing(rest) || tells_of_title(rest)
    })
}

fn is_thing(word: &str) -> bool {
    THINGS.contains(&word)
}

/// `We found 3 records`, `search located relevant files`; not `we found that the balance lies`.
fn tells_of_finding(words: &[&str]) -> bool {
    let after = FINDERS.iter().find_map(|finder| {
        let rest = after_phrase(words, finder)?;
        rest.split_first().filter(|(verb, _)| FINDING.contains(*verb)).map(|(_, rest)| rest)
    });
    let named = after.map(|rest| rest.iter().take(WORDS_BETWEEN + 1).take_while(|word| **word != "that"));
    named.is_some_and(|mut named| named.any(|word| is_thing(word)))
}

/// `The documents are on pages 3 to 9`, `the information held by us`, `the report dated 3 May`; not `your letter dated`.
fn tells_of_thing(words: &[&str]) -> bool {
    let Some((article, rest)) = words.split_first() else { return false };
    let Some((thing, rest)) = rest.split_first().filter(|(thing, _)| is_thing(thing)) else { return false };
    let next = rest.first().copied().unwrap_or_default();
    let of_the_requester = rest.iter().any(|word| ["you", "your"].contains(word));
    match *article {
        "the" | "these" | "those" | "all" => {
            *thing != "nothing" && (BEING.contains(&next) || next == "held" || (next == "dated" && !of_the_requester))
        }
        "a" | "an" | "one" => next == "dated" && !of_the_requester,
        _ => false,
    }
}

/// `The file titles`, `titles of the documents`.
fn tells_of_title(words: &[&str]) -> bool {
    let titles = ["title", "titles", "name", "names"];
    match words {
        ["the", thing, title, ..] if is_thing(thing) => titles.contains(title),
        [title, "of", "the", thing, ..] if titles.contains(title) => is_thing(thing),
        _ => false,
    }
}

fn after_phrase<'a, 'b>(words: &'b [&'a str], phrase: &str) -> Option<&'b [&'a str]> {
    let mut rest = words;
    for expected in phrase.split(' ') {
        let (first, behind) = rest.split_first()?;
        if *first != expected {
            return None;
        }
        rest = behind;
    }
    Some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_admissions_are_seen() {
        for sentence in [
            "the information held by us is sensitive",
            "we found 3 records",
            "we have identified two relevant documents",
            "our search located records",
            "our searches have returned nothing",
            "the documents are on pages 3 to 9",
            "the file titles would identify officers",
            "the titles of the documents",
            "the report dated 3 may names officers",
            "a letter dated 1 june 2020",
            "the information relates to operations",
            "these emails show what was planned",
        ] {
            assert!(admits(sentence), "{sentence}");
        }
    }

    #[test]
    fn reasoning_and_what_the_requester_wrote_are_let_pass() {
        for sentence in [
            "we found that the balance of the public interest lies with silence",
            "we found the arguments on both sides strong",
            "we have reviewed the guidance of the information commissioner",
            "the information commissioner is the regulator",
            "the letter dated 3 may that you sent us",
            "your letter dated 3 may asks for operations",
            "any information would be exempt",
            "information of this description, were there any, would be exempt",
            "the harm is that offenders would learn where policing looks",
            "either answer would tell offenders where to go",
            "the search for patterns in answers like this one helps offenders",
            "the name of the operation",
        ] {
            assert!(!admits(sentence), "{sentence}");
        }
    }
}
