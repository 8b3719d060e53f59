//! What becomes of the password of a domain, on sites that are made up.

use std::pin::Pin;

use super::domain::Asker;
use super::domain::Trial;
use super::domain::Verdict;
use crate::error::{Failure, Kind};
use crate::secret::Passwords;
use crate::secret::Secret;

/// A site that takes one password, and counts what it hears.
struct Site {
    takes: &'static str,
    heard: Vec<String>,
}

impl Trial for Site {
    fn hear<'a>(
        &'a mut self,
        password: &'a Secret,
    ) -> Pin<Box<dyn Future<Output = Result<Verdict, Failure>> + Send + 'a>> {
        let text = String::from_utf8(password.expose().to_vec()).unwrap();
        let verdict = if text == self.takes {
            Verdict::Accepted
        } else {
            Verdict::Rejected
        };
        self.heard.push(text);
        Box::pin(async move {
            tokio::task::yield_now().await;
            Ok(verdict)
        })
    }
}

fn site(takes: &'static str) -> Site {
    Site {
        takes,
        heard: Vec::new(),
    }
}

fn asker<'a>(site: &'a str, refused: Option<&'a Secret>) -> Asker<'a> {
    Asker {
        site,
        user: "deploy",
        refused,
        verifies: false,
    }
}

#[tokio::test]
async fn a_password_is_tried_on_one_site_and_given_to_all() {
    let passwords = Passwords::given(&Secret::new("rightone\nurl: x"), "a test");
    let asked: Vec<_> = (0..20)
        .map(|number| {
            let passwords = passwords.clone();
            tokio::spawn(async move {
                let name = format!("web{number}");
                let mut trial = site("rightone");
                let who = asker(&name, None);
                let got = passwords.password("prod", &who, &mut trial).await;
                assert_eq!(got.unwrap().password.expose(), b"rightone");
                trial.heard.len()
            })
        })
        .collect();
    let mut tries = 0;
    for one in asked {
        tries += one.await.unwrap();
    }
    assert_eq!(tries, 1);
}

#[tokio::test]
async fn a_wrong_one_is_tried_once_and_fails_all() {
    let passwords = Passwords::given(&Secret::new("wrongone"), "a test");
    for (name, heard) in [("web1", 1), ("web2", 0)] {
        let mut trial = site("rightone");
        let got = passwords
            .password("prod", &asker(name, None), &mut trial)
            .await;
        let failure = got.err().unwrap();
        assert_eq!(failure.kind(), Kind::Password);
        assert_eq!(
            failure.to_string(),
            format!("sudo asks for a password on {name}")
        );
        let cause = failure.detail().to_string();
        let expected =
            "web1 rejected the password from a test; it was tried once, and nowhere else";
        assert_eq!(cause, expected);
        assert_eq!(trial.heard.len(), heard, "{name}");
    }
    // Another domain is another matter.
    let mut trial = site("wrongone");
    let who = asker("test1", None);
    assert!(passwords.password("test", &who, &mut trial).await.is_ok());
}

#[tokio::test]
async fn a_site_with_another_password_does_not_fail_the_others() {
    let passwords = Passwords::given(&Secret::new("rightone"), "a test");
    let mut trial = site("rightone");
    let who = asker("web1", None);
    let first = passwords.password("prod", &who, &mut trial).await;
    let password = first.unwrap().password;
    let mut trial = site("otherone");
    let got = passwords
        .password("prod", &asker("web2", Some(&password)), &mut trial)
        .await;
    let failure = got.err().unwrap();
    assert!(failure.hint().unwrap().contains("password_domain"));
    assert!(trial.heard.is_empty());
    assert!(
        passwords
            .password("prod", &asker("web3", None), &mut trial)
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn what_is_set_is_forgotten_when_it_is_reset() {
    let passwords = Passwords::new();
    passwords.set("prod", Secret::new("rightone")).await;
    let mut trial = site("rightone");
    assert!(
        passwords
            .password("prod", &asker("web1", None), &mut trial)
            .await
            .is_ok()
    );
    passwords.reset("prod").await;
    let got = passwords
        .password("prod", &asker("web1", None), &mut trial)
        .await;
    let failure = got.err().unwrap();
    assert!(failure.detail().to_string().contains("nobody to ask"));
}

/// A site that never says anything.
struct Silent;

impl Trial for Silent {
    fn hear<'a>(
        &'a mut self,
        _: &'a Secret,
    ) -> Pin<Box<dyn Future<Output = Result<Verdict, Failure>> + Send + 'a>> {
        Box::pin(std::future::pending())
    }
}

#[tokio::test]
async fn no_site_hears_again_what_it_has_refused() {
    let passwords = Passwords::given(&Secret::new("rightone"), "a test");
    let mut trial = site("rightone");
    let who = asker("web1", None);
    let granted = passwords.password("prod", &who, &mut trial).await;
    let password = granted.unwrap().password;
    let refused = asker("web2", Some(&password));
    assert!(
        passwords
            .password("prod", &refused, &mut trial)
            .await
            .is_err()
    );
    // The next sudo there, and one that verifies.
    let again = asker("web2", None);
    assert!(
        passwords
            .password("prod", &again, &mut trial)
            .await
            .is_err()
    );
    let mut other = site("otherone");
    for name in ["web2", "web3", "web3"] {
        let verifies = Asker {
            verifies: true,
            ..asker(name, None)
        };
        let got = passwords.password("prod", &verifies, &mut other).await;
        assert_eq!(got.err().unwrap().kind(), Kind::Password);
    }
    assert_eq!(other.heard.len(), 1);
    assert!(passwords.password("prod", &who, &mut trial).await.is_ok());
    assert_eq!(trial.heard.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_site_that_says_nothing_is_not_waited_for_for_ever() {
    let passwords = Passwords::given(&Secret::new("rightone"), "a test");
    let failure = passwords
        .password("prod", &asker("web1", None), &mut Silent)
        .await
        .err()
        .unwrap();
    assert!(
        failure.detail().to_string().contains("within 60 s"),
        "{failure:?}"
    );
    // It says nothing of the password.
    let got = passwords
        .password("prod", &asker("web2", None), &mut site("rightone"))
        .await;
    assert!(got.is_ok());
}

#[tokio::test]
async fn what_was_on_trial_when_that_was_broken_off_is_heard_by_no_other() {
    let passwords = Passwords::new();
    passwords.set("prod", Secret::new("rightone")).await;
    let who = asker("web1", None);
    let mut silent = Silent;
    let trial = passwords.password("prod", &who, &mut silent);
    let broken = tokio::time::timeout(std::time::Duration::from_millis(20), trial).await;
    assert!(broken.is_err());
    let mut second = site("rightone");
    let got = passwords
        .password("prod", &asker("web2", None), &mut second)
        .await;
    assert!(
        got.err()
            .unwrap()
            .detail()
            .to_string()
            .contains("broken off")
    );
    assert!(second.heard.is_empty());
    passwords.reset("prod").await;
    passwords.set("prod", Secret::new("rightone")).await;
    assert!(passwords.password("prod", &who, &mut second).await.is_ok());
}

#[tokio::test]
async fn one_that_was_set_and_is_wrong_is_told_so() {
    let passwords = Passwords::new();
    passwords.set("prod", Secret::new("wrongone")).await;
    let mut trial = site("rightone");
    let got = passwords
        .password("prod", &asker("web1", None), &mut trial)
        .await;
    let cause = got.err().unwrap().detail().to_string();
    assert_eq!(
        cause,
        "web1 rejected that password, and there is nobody to ask for another"
    );
    assert_eq!(trial.heard.len(), 1);
}
