//! Looks after a cluster: installs packages, follows logs, verifies backups, gathers facts.
//!
//! As it stands, the cluster is four folders of this machine, and `demo` puts logs and backups
//! there. With `CLUSTER_HOSTS` set to hosts, as ssh takes them and separated by commas, it is those
//! hosts instead. `CLUSTER_SSH_CONFIG` names an ssh configuration file, and `CLUSTER_FOLDER` the
//! folder on each host that has `logs` and `backups`.

mod backups;
mod demo;
mod facts;
mod logs;
mod packages;

use std::env;

use ploy::Result;
use ploy::catalogue::Catalogue;
use ploy::topology::{Settings, Topology};

ploy::sites! {
    role "node"; // filled by `nodes`
}
use topology::roles;

/// The folder of this machine in which `demo` makes a cluster.
fn folder() -> String {
    env::var("CLUSTER_FOLDER").unwrap_or_else(|_| {
        let user = env::var("USER").unwrap_or_else(|_| "me".to_owned());
        format!("{}/ploy-cluster-{user}", env::temp_dir().display())
    })
}

/// Adds the hosts that `CLUSTER_HOSTS` names, or four folders of this machine.
async fn nodes(topology: &mut Topology, _: &mut Catalogue) -> Result {
    let hosts = env::var("CLUSTER_HOSTS").unwrap_or_default();
    let hosts: Vec<&str> = hosts
        .split(',')
        .map(str::trim)
        .filter(|host| !host.is_empty())
        .collect();
    if hosts.is_empty() {
        for name in ["node1", "node2", "node3", "node4"] {
            let path = format!("{}/{name}", folder());
            topology.add(name, Settings::new().roles([roles::node]).path(path));
        }
    }
    for host in hosts {
        let node = Settings::new()
            .roles([roles::node])
            .host(host)
            // The same user with the same password everywhere.
            .password_domain("cluster")
            .path(env::var("CLUSTER_FOLDER").unwrap_or_else(|_| "~/cluster".to_owned()));
        let node = match env::var("CLUSTER_SSH_CONFIG") {
            Ok(file) => node.config(file),
            Err(_) => node,
        };
        topology.add(host, node);
    }
    Ok(())
}

ploy::main! { setup: nodes }
