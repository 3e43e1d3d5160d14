//! One verb of the command line, carried out by the server: input goes up in pieces, output comes down.

use std::io::{self, Read, Write};
use std::thread;

use super::start::Starter;
use super::{ClientFault, Launch, Situation, situation};
use crate::wire::{Call, DOWN_MAX, Down, Hello, Inflow, Place, Up, Want};

/// One piece of input: small enough for one message with its head.
const PIECE: usize = 32 * 1024;

/// Calls a verb, starting the server where none runs. Answers the verb's exit status; `input` is sent where there is any.
pub fn call(
    place: &Place,
    launch: &Launch,
    call: Call,
    input: Option<Box<dyn Read + Send>>,
    out: &mut dyn Write,
    error: &mut dyn Write,
) -> Result<u8, ClientFault> {
    let mut stream = Starter::new(place, launch).connect()?;
    let mut greeting = Vec::new();
    Up::Hello(Box::new(Hello::new(Want::Call(call)))).encode(&mut greeting);
    // A server that hangs up is no reader who has heard enough: nothing was done, and the status must say so.
    stream.write_all(&greeting).map_err(|_| ClientFault::Told(Situation::Unanswered))?;
    if let Some(input) = input {
        let to = stream.try_clone()?;
        // Output may come while input still goes, so neither waits for the other.
        thread::Builder::new().name("input".to_owned()).spawn(move || send_input(input, to))?;
    }
    let mut inflow = Inflow::new(DOWN_MAX);
    let mut bytes = vec![0; 64 * 1024];
    loop {
        while let Some(message) =
            inflow.next_down().map_err(|fault| io::Error::new(io::ErrorKind::InvalidData, fault))?
        {
            match message {
                Down::Out { error: false, bytes } => out.write_all(&bytes)?,
                Down::Out { error: true, bytes } => error.write_all(&bytes)?,
                Down::Done(status) => {
                    out.flush()?;
                    return Ok(status);
                }
                Down::Goodbye(why) => return Err(ClientFault::Told(situation(why))),
                Down::Frame { .. } => return Err(io::Error::from(io::ErrorKind::InvalidData).into()),
            }
        }
        match stream.read(&mut bytes) {
            Err(fault) if fault.kind() == io::ErrorKind::Interrupted => {}
            Ok(0) | Err(_) => return Err(ClientFault::Told(Situation::Unanswered)),
            Ok(count) => inflow.push(&bytes[..count]),
        }
    }
}

/// Sends the input to its end. Where the server has heard enough and hangs up, the rest is not wanted.
fn send_input(mut input: Box<dyn Read + Send>, mut to: std::os::unix::net::UnixStream) -> io::Result<()> {
    let mut piece = vec![0; PIECE];
    loop {
        let count = match input.read(&mut piece) {
            Err(fault) if fault.kind() == io::ErrorKind::Interrupted => continue,
            read => read?,
        };
        let mut message = Vec::new();
        Up::Chunk(piece[..count].to_vec()).encode(&mut message);
        to.write_all(&message)?;
        if count == 0 {
            return Ok(());
        }
    }
}
