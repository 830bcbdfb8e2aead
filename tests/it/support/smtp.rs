//! A mail server on this machine that keeps what it gets, and that can be in a bad mood.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// How the server behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mood {
    /// It takes every e-mail.
    Good,
    /// It hangs up before a word is said.
    Down,
    /// It knows no password, and says which one it was told.
    NoPassword,
    /// It has no such person.
    NoSuchPerson,
    /// It wants to be asked later.
    Later,
    /// It keeps the e-mail and hangs up without a word.
    Silent,
}

/// An e-mail that the server took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Taken {
    /// From whom, as the server was told.
    pub(crate) from: String,
    /// For whom, as the server was told.
    pub(crate) to: String,
    /// Headers and text as they came.
    raw: String,
}

impl Taken {
    /// A header, unfolded and decoded.
    pub(crate) fn header(&self, name: &str) -> String {
        let (head, _) = self.raw.split_once("\r\n\r\n").unwrap();
        let head = head.replace("\r\n ", " ").replace("?= =?", "?==?");
        let line = head.lines().find_map(|line| line.strip_prefix(&format!("{name}: "))).unwrap_or_default();
        let (mut text, mut rest) = (String::new(), line);
        while let Some((before, word)) = rest.split_once("=?utf-8?b?") {
            let (coded, after) = word.split_once("?=").unwrap();
            text.push_str(before);
            text.push_str(&String::from_utf8(STANDARD.decode(coded).unwrap()).unwrap());
            rest = after;
        }
        text.push_str(rest);
        text
    }

    /// The text, decoded.
    pub(crate) fn text(&self) -> String {
        let (_, body) = self.raw.split_once("\r\n\r\n").unwrap();
        let text = match self.header("Content-Transfer-Encoding").as_str() {
            "quoted-printable" => unquoted(body),
            "base64" => STANDARD.decode(body.replace("\r\n", "")).unwrap(),
            _ => body.as_bytes().to_vec(),
        };
        String::from_utf8(text).unwrap().replace("\r\n", "\n")
    }
}

/// Quoted-printable text, decoded (RFC 2045, 6.7).
fn unquoted(text: &str) -> Vec<u8> {
    let joined = text.replace("=\r\n", "");
    let mut bytes = Vec::new();
    let mut rest = joined.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if *first == b'=' {
            bytes.push(u8::from_str_radix(std::str::from_utf8(&after[..2]).unwrap(), 16).unwrap());
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    bytes
}

#[derive(Debug)]
struct State {
    mood: Mood,
    taken: Vec<Taken>,
    heard: Vec<String>,
}

/// The server; it ends with the test.
#[derive(Clone, Debug)]
pub(crate) struct SmtpServer {
    port: u16,
    state: Arc<Mutex<State>>,
}

impl SmtpServer {
    /// A server in a good mood.
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(Mutex::new(State { mood: Mood::Good, taken: Vec::new(), heard: Vec::new() }));
        let server = Self { port, state };
        let serving = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = serving.clone();
                // A client that hangs up ends its own talk only.
                tokio::spawn(async move { server.talk(stream).await.ok() });
            }
        });
        server
    }

    /// Its address as a setting, unencrypted; `user` may be `name:password@`.
    pub(crate) fn url(&self, user: &str) -> String {
        format!("smtp://{user}127.0.0.1:{}?tls=none", self.port)
    }

    /// Changes its mood.
    pub(crate) fn set_mood(&self, mood: Mood) {
        self.state.lock().unwrap().mood = mood;
    }

    /// What it took so far, the oldest first.
    pub(crate) fn taken(&self) -> Vec<Taken> {
        self.state.lock().unwrap().taken.clone()
    }

    /// For whom it took e-mails so far, sorted.
    pub(crate) fn recipients(&self) -> Vec<String> {
        let mut people: Vec<String> = self.taken().into_iter().map(|mail| mail.to).collect();
        people.sort();
        people
    }

    /// Every line that it was told outside of e-mails.
    pub(crate) fn heard(&self) -> Vec<String> {
        self.state.lock().unwrap().heard.clone()
    }

    async fn talk(&self, stream: TcpStream) -> std::io::Result<()> {
        let mood = self.state.lock().unwrap().mood;
        if mood == Mood::Down {
            return Ok(());
        }
        let (reader, mut writer) = stream.into_split();
        let mut lines = BufReader::new(reader).lines();
        writer.write_all(b"220 mail.example\r\n").await?;
        let (mut from, mut to) = (String::new(), String::new());
        while let Some(line) = lines.next_line().await? {
            self.state.lock().unwrap().heard.push(line.clone());
            let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            let mailbox = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
            let answer = match verb.as_str() {
                "EHLO" => "250-mail.example\r\n250 AUTH PLAIN LOGIN".to_owned(),
                "AUTH" if mood == Mood::NoPassword => {
                    let coded = line.rsplit(' ').next().unwrap_or_default();
                    let told = String::from_utf8(STANDARD.decode(coded).unwrap()).unwrap();
                    format!("535 {} {coded} is wrong", told.replace('\0', " "))
                }
                "AUTH" => "235 welcome".to_owned(),
                "RCPT" if mood == Mood::NoSuchPerson => format!("550 no {mailbox} here"),
                "RCPT" if mood == Mood::Later => "451 later".to_owned(),
                "MAIL" => {
                    from = mailbox;
                    "250 ok".to_owned()
                }
                "RCPT" => {
                    to = mailbox;
                    "250 ok".to_owned()
                }
                "DATA" => "354 go on".to_owned(),
                "QUIT" => "221 bye".to_owned(),
                _ => "502 what?".to_owned(),
            };
            writer.write_all(format!("{answer}\r\n").as_bytes()).await?;
            match verb.as_str() {
                "QUIT" => return Ok(()),
                "DATA" => {
                    let mut raw = String::new();
                    while let Some(line) = lines.next_line().await?.filter(|line| line != ".") {
                        raw.push_str(line.strip_prefix('.').unwrap_or(&line));
                        raw.push_str("\r\n");
                    }
                    let taken = Taken { from: from.clone(), to: to.clone(), raw };
                    self.state.lock().unwrap().taken.push(taken);
                    if mood == Mood::Silent {
                        return Ok(());
                    }
                    writer.write_all(b"250 taken\r\n").await?;
                }
                _ => {}
            }
        }
        Ok(())
    }
}
