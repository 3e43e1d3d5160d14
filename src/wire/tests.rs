//! Round trips, limits on both sides of each, and random bytes.

use super::*;

fn ups() -> Vec<Up> {
    let terminal =
        Terminal { cols: 80, rows: 24, term: "xterm".into(), tty: "/dev/pts/3".into(), ..Terminal::default() };
    vec![
        Up::Hello(Box::new(Hello::new(Want::Screen(terminal)))),
        Up::Hello(Box::new(Hello::new(Want::Call(Call {
            verb: "show".into(),
            args: serde_json::json!({"what": "queue"}),
        })))),
        Up::Hello(Box::new(Hello { protocol: 9, version: String::new(), want: None })),
        Up::Input { n: 41, bytes: b"\x1b[A".to_vec() },
        Up::Size { cols: 120, rows: 40 },
        Up::Ack,
        Up::Chunk(vec![]),
        Up::Chunk(vec![7; UP_MAX - 1]),
    ]
}

fn downs() -> Vec<Down> {
    vec![
        Down::Frame { upto: 3, waiting: 1, seq: 9_012, bytes: "到账".into() },
        Down::Out { error: true, bytes: b"no".to_vec() },
        Down::Done(2),
        Down::Goodbye(Goodbye::Quit),
        Down::Goodbye(Goodbye::Protocol { protocol: 2, version: "0.2.0".into() }),
        Down::Goodbye(Goodbye::Full { limit: 200 }),
        Down::Goodbye(Goodbye::Closed { fault: "disk".into() }),
    ]
}

#[test]
fn what_is_sent_in_any_pieces_is_what_is_read() {
    let (mut up, mut down) = (Vec::new(), Vec::new());
    ups().iter().for_each(|message| message.encode(&mut up));
    downs().iter().for_each(|message| message.encode(&mut down));
    for piece in [1, 2, 3, 5, 17, 4096, usize::MAX] {
        let (mut inflow, mut read) = (Inflow::new(UP_MAX), Vec::new());
        for part in up.chunks(piece.min(up.len())) {
            inflow.push(part);
            while let Some(message) = inflow.next_up().unwrap() {
                read.push(message);
            }
        }
        assert_eq!(read, ups());
        let (mut inflow, mut read) = (Inflow::new(DOWN_MAX), Vec::new());
        for part in down.chunks(piece.min(down.len())) {
            inflow.push(part);
            while let Some(message) = inflow.next_down().unwrap() {
                read.push(message);
            }
        }
        assert_eq!(read, downs());
    }
}

#[test]
fn lengths_are_refused_before_their_bytes_come() {
    let length = |length: u32| {
        let mut inflow = Inflow::new(UP_MAX);
        inflow.push(&length.to_le_bytes());
        inflow.next_up()
    };
    assert_eq!(length(UP_MAX as u32), Ok(None));
    assert_eq!(length(UP_MAX as u32 + 1), Err(Malformed::Length(UP_MAX as u32 + 1)));
    assert_eq!(length(u32::MAX), Err(Malformed::Length(u32::MAX)));
    assert_eq!(length(0), Err(Malformed::Length(0)));
}

#[test]
fn key_bytes_have_their_own_limit() {
    let read = |count: usize| {
        let (mut bytes, mut inflow) = (Vec::new(), Inflow::new(UP_MAX));
        Up::Input { n: 1, bytes: vec![b'x'; count] }.encode(&mut bytes);
        inflow.push(&bytes);
        inflow.next_up()
    };
    assert!(read(INPUT_MAX).unwrap().is_some());
    assert_eq!(read(INPUT_MAX + 1), Err(Malformed::Body(2)));
}

#[test]
fn an_unsound_terminal_is_known() {
    let sound = Terminal { term: "tmux-256color".into(), ..Terminal::default() };
    assert!(sound.is_sound());
    assert!(!Terminal { term: "x".repeat(33), ..sound.clone() }.is_sound());
    assert!(!Terminal { term: "x\u{1b}[".into(), ..sound }.is_sound());
}

#[test]
fn random_bytes_are_read_or_refused_and_never_more() {
    let mut random = fastrand::Rng::with_seed(20_261_123);
    for _ in 0..20_000 {
        let mut inflow = Inflow::new(UP_MAX);
        let mut bytes = Vec::new();
        for _ in 0..random.usize(1..4) {
            ups()[random.usize(0..7)].encode(&mut bytes);
        }
        for _ in 0..random.usize(0..6) {
            let at = random.usize(0..bytes.len());
            bytes[at] = random.u8(..);
        }
        bytes.truncate(random.usize(0..=bytes.len()));
        for part in bytes.chunks(random.usize(1..40)) {
            inflow.push(part);
            while let Ok(Some(_)) = inflow.next_up() {}
        }
    }
}
