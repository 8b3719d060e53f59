//! Tests of a domain's password, on sites that are made up.

use std::pin::Pin;

use super::{PasswordRequest, PasswordTrial, PasswordVerdict, Passwords};
use crate::error::{Failure, Kind};
use crate::secret::Secret;

/// A site that accepts one password, and records what was tried.
struct FakeSite {
    takes: &'static str,
    tried: Vec<String>,
}

impl PasswordTrial for FakeSite {
    fn try_password<'a>(
        &'a mut self,
        password: &'a Secret,
    ) -> Pin<Box<dyn Future<Output = Result<PasswordVerdict, Failure>> + Send + 'a>> {
        let text = String::from_utf8(password.expose().to_vec()).unwrap();
        let verdict = if text == self.takes {
            PasswordVerdict::Accepted
        } else {
            PasswordVerdict::Rejected
        };
        self.tried.push(text);
        Box::pin(async move {
            tokio::task::yield_now().await;
            Ok(verdict)
        })
    }
}

fn site(takes: &'static str) -> FakeSite {
    FakeSite {
        takes,
        tried: Vec::new(),
    }
}

fn request<'a>(site: &'a str, rejected: Option<&'a Secret>) -> PasswordRequest<'a> {
    PasswordRequest {
        site,
        user: "deploy",
        rejected,
        must_verify: false,
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
                let who = request(&name, None);
                let got = passwords.password("prod", &who, &mut trial).await;
                assert_eq!(got.unwrap().password.expose(), b"rightone");
                trial.tried.len()
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
async fn a_wrong_password_is_tried_once_and_fails_all_sites() {
    let passwords = Passwords::given(&Secret::new("wrongone"), "a test");
    for (name, tried) in [("web1", 1), ("web2", 0)] {
        let mut trial = site("rightone");
        let got = passwords
            .password("prod", &request(name, None), &mut trial)
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
        assert_eq!(trial.tried.len(), tried, "{name}");
    }
    // Another domain is another matter.
    let mut trial = site("wrongone");
    let who = request("test1", None);
    assert!(passwords.password("test", &who, &mut trial).await.is_ok());
}

#[tokio::test]
async fn a_site_with_another_password_does_not_fail_the_others() {
    let passwords = Passwords::given(&Secret::new("rightone"), "a test");
    let mut trial = site("rightone");
    let who = request("web1", None);
    let first = passwords.password("prod", &who, &mut trial).await;
    let password = first.unwrap().password;
    let mut trial = site("otherone");
    let got = passwords
        .password("prod", &request("web2", Some(&password)), &mut trial)
        .await;
    let failure = got.err().unwrap();
    assert!(failure.hint().unwrap().contains("password_domain"));
    assert!(trial.tried.is_empty());
    assert!(
        passwords
            .password("prod", &request("web3", None), &mut trial)
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn a_reset_forgets_what_was_set() {
    let passwords = Passwords::new();
    passwords.set("prod", Secret::new("rightone")).await;
    let mut trial = site("rightone");
    assert!(
        passwords
            .password("prod", &request("web1", None), &mut trial)
            .await
            .is_ok()
    );
    passwords.reset("prod").await;
    let got = passwords
        .password("prod", &request("web1", None), &mut trial)
        .await;
    let failure = got.err().unwrap();
    assert!(failure.detail().to_string().contains("nobody to ask"));
}

/// A site that never says anything.
struct SilentSite;

impl PasswordTrial for SilentSite {
    fn try_password<'a>(
        &'a mut self,
        _: &'a Secret,
    ) -> Pin<Box<dyn Future<Output = Result<PasswordVerdict, Failure>> + Send + 'a>> {
        Box::pin(std::future::pending())
    }
}

#[tokio::test]
async fn no_site_gets_again_what_it_has_rejected() {
    let passwords = Passwords::given(&Secret::new("rightone"), "a test");
    let mut trial = site("rightone");
    let who = request("web1", None);
    let granted = passwords.password("prod", &who, &mut trial).await;
    let password = granted.unwrap().password;
    let refused = request("web2", Some(&password));
    assert!(
        passwords
            .password("prod", &refused, &mut trial)
            .await
            .is_err()
    );
    // The next sudo there, and one that verifies.
    let again = request("web2", None);
    assert!(
        passwords
            .password("prod", &again, &mut trial)
            .await
            .is_err()
    );
    let mut other = site("otherone");
    for name in ["web2", "web3", "web3"] {
        let verifying = PasswordRequest {
            must_verify: true,
            ..request(name, None)
        };
        let got = passwords.password("prod", &verifying, &mut other).await;
        assert_eq!(got.err().unwrap().kind(), Kind::Password);
    }
    assert_eq!(other.tried.len(), 1);
    assert!(passwords.password("prod", &who, &mut trial).await.is_ok());
    assert_eq!(trial.tried.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_site_that_does_not_answer_times_out() {
    let passwords = Passwords::given(&Secret::new("rightone"), "a test");
    let failure = passwords
        .password("prod", &request("web1", None), &mut SilentSite)
        .await
        .err()
        .unwrap();
    assert!(
        failure.detail().to_string().contains("within 60 s"),
        "{failure:?}"
    );
    // It says nothing of the password.
    let got = passwords
        .password("prod", &request("web2", None), &mut site("rightone"))
        .await;
    assert!(got.is_ok());
}

#[tokio::test]
async fn a_password_whose_trial_was_cancelled_is_tried_on_no_other_site() {
    let passwords = Passwords::new();
    passwords.set("prod", Secret::new("rightone")).await;
    let who = request("web1", None);
    let mut silent = SilentSite;
    let trial = passwords.password("prod", &who, &mut silent);
    let broken = tokio::time::timeout(std::time::Duration::from_millis(20), trial).await;
    assert!(broken.is_err());
    let mut second = site("rightone");
    let got = passwords
        .password("prod", &request("web2", None), &mut second)
        .await;
    assert!(
        got.err()
            .unwrap()
            .detail()
            .to_string()
            .contains("broken off")
    );
    assert!(second.tried.is_empty());
    passwords.reset("prod").await;
    passwords.set("prod", Secret::new("rightone")).await;
    assert!(passwords.password("prod", &who, &mut second).await.is_ok());
}

#[tokio::test]
async fn a_wrong_password_that_was_set_is_reported() {
    let passwords = Passwords::new();
    passwords.set("prod", Secret::new("wrongone")).await;
    let mut trial = site("rightone");
    let got = passwords
        .password("prod", &request("web1", None), &mut trial)
        .await;
    let cause = got.err().unwrap().detail().to_string();
    assert_eq!(
        cause,
        "web1 rejected that password, and there is nobody to ask for another"
    );
    assert_eq!(trial.tried.len(), 1);
}

/// A site that cannot try a password beforehand.
struct UnknowingSite;

impl PasswordTrial for UnknowingSite {
    fn try_password<'a>(
        &'a mut self,
        _: &'a Secret,
    ) -> Pin<Box<dyn Future<Output = Result<PasswordVerdict, Failure>> + Send + 'a>> {
        Box::pin(std::future::ready(Ok(PasswordVerdict::Unknown)))
    }
}

#[tokio::test]
async fn an_unverified_password_is_given_to_one_command_at_a_time() {
    let passwords = Passwords::new();
    passwords.set("prod", Secret::new("maybe-right")).await;
    let first = request("web1", None);
    let granted = passwords
        .password("prod", &first, &mut UnknowingSite)
        .await
        .unwrap();
    assert_eq!(granted.password.expose(), b"maybe-right");
    let mut second = site("maybe-right");
    let other = request("web2", None);
    let waiting = passwords.password("prod", &other, &mut second);
    let waited = tokio::time::timeout(std::time::Duration::from_millis(20), waiting).await;
    assert!(waited.is_err());
    // Dropped without a rejection, it is tried by the next one.
    drop(granted);
    let granted = passwords.password("prod", &other, &mut second).await;
    assert!(granted.unwrap().unverified.is_none());
}

#[tokio::test]
async fn an_unverified_password_that_is_rejected_is_given_to_no_other_site() {
    let passwords = Passwords::new();
    passwords.set("prod", Secret::new("wrongone")).await;
    let first = request("web1", None);
    let granted = passwords
        .password("prod", &first, &mut UnknowingSite)
        .await
        .unwrap();
    granted.unverified.unwrap().rejected_by("web1");
    let mut second = site("wrongone");
    let other = request("web2", None);
    let failure = passwords
        .password("prod", &other, &mut second)
        .await
        .err()
        .unwrap();
    let cause = failure.detail().to_string();
    assert_eq!(
        cause,
        "this program has no password, and nobody to ask for it"
    );
    assert!(second.tried.is_empty());
}
