//! A method has nobody to call it on.

ploy::sites! {
    site web1 { roles: ["web"] }
}

struct Web;

impl Web {
    #[ploy::job(roles = ["web"])]
    fn upload(&self) {}
}

fn main() {
    Web.upload();
}
