//! The sites that selectors choose, once guarded ones are taken out.

use std::sync::Arc;

use super::super::Selector;
use super::evaluate::evaluate_all;
use crate::error::Problem;
use crate::topology::{Site, Topology};

/// The sites that all `selectors` choose, with their numbers in the topology. Parts that match
/// nothing are added to `problems`; a declared role may be empty.
///
/// A guarded site is chosen only if one of the selectors names it; without selectors, all others
/// are.
pub fn chosen<'a>(
    topology: &'a Topology,
    selectors: &[&Selector],
    problems: &mut Vec<Problem>,
) -> Vec<(usize, &'a Arc<Site>)> {
    choose(topology, selectors, problems).sites
}

/// What selectors come to.
pub(in super::super) struct ChosenSites<'a> {
    pub(in super::super) sites: Vec<(usize, &'a Arc<Site>)>,
    /// Guarded sites that would be chosen, had they been named.
    pub(in super::super) unnamed: Vec<&'a Arc<Site>>,
}

pub(in super::super) fn choose<'a>(
    topology: &'a Topology,
    selectors: &[&Selector],
    problems: &mut Vec<Problem>,
) -> ChosenSites<'a> {
    let all = evaluate_all(topology, selectors, problems);
    let mut chosen = ChosenSites {
        sites: Vec::new(),
        unnamed: Vec::new(),
    };
    for (number, site) in topology.sites().iter().enumerate() {
        let (is_chosen, is_named) = all.as_ref().map_or((true, false), |members| {
            (
                members.sites.contains(number),
                members.named.contains(number),
            )
        });
        if is_chosen && (is_named || !site.is_guarded()) {
            chosen.sites.push((number, site));
        } else if is_chosen {
            chosen.unnamed.push(site);
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::topology::Settings;

    fn topology() -> Topology {
        let mut topology = Topology::new();
        let guarded = |roles: &[&str]| Settings::new().roles(roles).guarded(true);
        topology
            .declare(["canary"])
            .add("web1", Settings::new().roles(["web", "primary"]))
            .add("db01", Settings::new().roles(["db", "primary"]))
            .add("web2", Settings::new().roles(["web"]))
            .add("db02", Settings::new().roles(["db"]))
            .add("live1", guarded(&["web", "production"]))
            .add("live2", guarded(&["db", "production", "live"]));
        topology
    }

    /// The names of the chosen sites, or the problems with their hints.
    fn choose(selectors: &[&str]) -> String {
        let parsed: Vec<Selector> = selectors
            .iter()
            .map(|text| Selector::parse(text).unwrap())
            .collect();
        shown(&parsed)
    }

    fn shown(selectors: &[Selector]) -> String {
        let mut problems = Vec::new();
        let topology = topology();
        let chosen = chosen(
            &topology,
            &selectors.iter().collect::<Vec<_>>(),
            &mut problems,
        );
        for (number, site) in &chosen {
            assert!(Arc::ptr_eq(&topology.sites()[*number], site));
        }
        if problems.is_empty() {
            let names: Vec<_> = chosen.iter().map(|(_, site)| site.name()).collect();
            return names.join(" ");
        }
        let texts: Vec<_> = problems
            .iter()
            .map(|problem| match problem.hint() {
                Some(hint) => format!("{problem} ({hint})"),
                None => problem.to_string(),
            })
            .collect();
        texts.join("; ")
    }

    #[test]
    fn expressions_choose_sites_in_the_order_of_the_topology() {
        for (text, expected) in [
            ("web", "web1 web2"),
            ("db01,web", "web1 db01 web2"),
            ("web & primary", "web1"),
            ("web ! primary", "web2"),
            ("web ^ primary", "db01 web2"),
            ("web,db & primary", "web1 db01"),
            ("web,(db & primary)", "web1 db01 web2"),
            ("primary & web,db", "web1 db01 db02"),
            ("* ! web ! db01", "db02"),
            ("* ! (web ! web1)", "web1 db01 db02"),
            ("web[1-2]", "web1 web2"),
            ("db[01-02],web[1-2/5]", "web1 db01 db02"),
            ("@web & %web2", "web2"),
            ("@*", "web1 db01 web2 db02"),
            ("@p*", "web1 db01"),
            ("%web*", "web1 web2"),
            ("*1", "web1 db01"),
            ("web?", "web1 web2"),
            ("*[1-2]", "web1 db01 web2 db02"),
            ("prim*", "web1 db01"),
            ("canary", ""),
            ("@can*", ""),
            ("canary,web1", "web1"),
            ("()", ""),
            ("web!()", "web1 web2"),
        ] {
            assert_eq!(choose(&[text]), expected, "{text}");
        }
    }

    #[test]
    fn guarded_sites_must_be_named() {
        for (selectors, expected) in [
            (vec![], "web1 db01 web2 db02"),
            (vec!["*"], "web1 db01 web2 db02"),
            (vec!["web"], "web1 web2"),
            (vec!["live1"], "live1"),
            (vec!["%live1"], "live1"),
            (vec!["live[1-2]"], "live1 live2"),
            (vec!["production"], "live1 live2"),
            (vec!["@production"], "live1 live2"),
            (vec!["live"], "live2"),
            (vec!["live*"], ""),
            (vec!["live[1-2]*"], ""),
            (vec!["prod*"], ""),
            (vec!["web & production"], "live1"),
            (vec!["web,live1"], "web1 web2 live1"),
            (vec!["* ^ web1"], "db01 web2 db02"),
            // Both orders: one selector names it, the other has it.
            (vec!["web", "live1"], "live1"),
            (vec!["production", "*1"], "live1"),
            (vec!["web", "db"], ""),
            // What takes a site away does not name it.
            (vec!["* ! live1 , web"], "web1 db01 web2 db02"),
            (vec!["* ! live1", "web"], "web1 web2"),
            (vec!["* ! (web ! live1)"], "db01 db02"),
            (vec!["production ! live1"], "live2"),
        ] {
            assert_eq!(choose(&selectors), expected, "{selectors:?}");
        }
    }

    #[test]
    fn what_matches_nothing_is_told_once() {
        for (selectors, expected) in [
            (
                vec!["wbe"],
                "no site or role is named `wbe` (did you mean `web`?)",
            ),
            (
                vec!["wbe,zzz", "wbe & web"],
                "no site or role is named `wbe` (did you mean `web`?); no site or role is named `zzz`",
            ),
            (vec!["web!wbe*"], "no site or role matches `wbe*`"),
            (
                vec!["@web1"],
                "no role is named `web1` (`web1` is a site, not a role)",
            ),
            (vec!["@wbe"], "no role is named `wbe` (did you mean `web`?)"),
            (
                vec!["%web"],
                "no site is named `web` (`web` is a role, not a site)",
            ),
            (
                vec!["%wbe1"],
                "no site is named `wbe1` (did you mean `web1`?)",
            ),
            (vec!["@web?"], "no role matches `web?`"),
            (vec!["%prod*"], "no site matches `prod*`"),
            (
                vec!["web[1-3]"],
                "no site or role is named `web3`, of `web[1-3]`",
            ),
            (
                vec!["web[0-3]"],
                "no site or role is named `web0` or `web3`, of `web[0-3]`",
            ),
            (
                vec!["web[1-12]"],
                "no site or role is named `web3`, `web4`, `web5` or 7 more, of `web[1-12]`",
            ),
            (
                vec!["wbe[1-2]"],
                "no site or role is named `wbe1` or `wbe2`, of `wbe[1-2]` (did you mean `web1`?)",
            ),
            (vec!["*[2-3]"], "no site or role matches `*3`, of `*[2-3]`"),
        ] {
            assert_eq!(choose(&selectors), expected, "{selectors:?}");
        }
        let odd = Selector::name("web*");
        assert_eq!(
            shown(&[odd]),
            "no site or role is named `web*` (did you mean `web`?)"
        );
    }

    #[test]
    fn lists_look_among_their_own_names() {
        let sites = |text| shown(&[Selector::sites(text).unwrap()]);
        assert_eq!(sites("web1,db*"), "web1 db01 db02");
        assert_eq!(sites("db[01-02]"), "db01 db02");
        assert!(sites("web").starts_with("no site is named `web`"));
        let roles = |text| shown(&[Selector::roles(text).unwrap()]);
        assert_eq!(roles("primary,web2"), "web1 db01 web2");
        assert_eq!(roles("prod*,live1"), "live1");
    }

    #[test]
    fn many_terms_over_many_sites_take_no_time() {
        let mut topology = Topology::new();
        for number in 0..10_000 {
            let role = format!("rack{}", number / 20);
            topology.add(
                format!("n{number}"),
                Settings::new().roles([role, "all".into()]),
            );
        }
        let terms: Vec<String> = (0..1_000)
            .map(|number| match number % 5 {
                0 => format!("n[{number}-{}]", number + 9),
                1 => format!("n{number}?"),
                2 => "all".to_owned(),
                3 => format!("*{number}"),
                _ => format!("@rack{}", number / 4),
            })
            .collect();
        let selector: Selector = terms
            .iter()
            .map(|term| Selector::parse(term).unwrap())
            .collect();
        let begin = std::time::Instant::now();
        let mut problems = Vec::new();
        assert_eq!(chosen(&topology, &[&selector], &mut problems).len(), 10_000);
        assert!(problems.is_empty());
        // Generous: the machine may be busy.
        assert!(begin.elapsed().as_secs() < 5, "{:?}", begin.elapsed());
    }
}
