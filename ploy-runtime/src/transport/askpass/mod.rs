pub(crate) mod request;

pub(crate) use request::Ask;
pub(crate) use request::Asker;
pub(crate) use request::Askers;
pub(crate) use request::Asks;
pub(crate) use request::GET;
pub(crate) use request::SUDO;
pub(crate) use request::What;
