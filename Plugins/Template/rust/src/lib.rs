//! Copies the header and the first rows of the input `csv` to the output `head.csv`, and counts all rows.

mod abi;
mod host;

use host::{Failure, Job};
use std::ffi::c_void;
use std::panic::{AssertUnwindSafe, catch_unwind};

const BLOCK_BYTES: usize = 65_536;

fn run(job: &Job) -> Result<(), Failure> {
    let mut lines = LineCount::new(limit(&job.payload()?)?);
    let mut input = job.input("csv")?;
    let size = input.size()?;
    if size == 0 {
        return Err(Failure::invalid_input(
            "file-empty",
            "expected a header line, found an empty file",
            "Send a CSV file with a header line.",
        ));
    }
    let mut output = job.output("head.csv")?;
    let mut block = vec![0u8; BLOCK_BYTES];
    let mut done = 0;
    loop {
        job.check_cancelled()?;
        let length = input.read(&mut block)?;
        if length == 0 {
            break;
        }
        output.write(lines.add(&block[..length]))?;
        done += length as u64;
        job.progress(done as f64 / size as f64, "counting rows");
    }
    output.close()?;
    job.set_result(&format!(
        "{{\"rows\":{},\"kept\":{}}}",
        lines.rows(),
        lines.kept()
    ))
}

/// Reads `{"limit": n}`. The runner has checked the text against payload.schema.json: it has no other form.
fn limit(payload: &str) -> Result<u64, Failure> {
    let Some((_, rest)) = payload.split_once("\"limit\"") else {
        return Ok(u64::MAX);
    };
    let digits: String = rest
        .trim_start_matches([':', ' '])
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    match digits.parse() {
        Ok(limit) if limit > 0 => Ok(limit),
        _ => Err(Failure::invalid_input(
            "payload-invalid",
            "limit is not a number from 1",
            "Send limit as a whole number, 1 or more.",
        )),
    }
}

/// Counts lines that come in blocks; the last one needs no line end.
struct LineCount {
    limit: u64,
    ends: u64,
    in_line: bool,
}

impl LineCount {
    fn new(limit: u64) -> Self {
        Self {
            limit,
            ends: 0,
            in_line: false,
        }
    }

    fn rows(&self) -> u64 {
        (self.ends + u64::from(self.in_line)).saturating_sub(1)
    }

    fn kept(&self) -> u64 {
        self.rows().min(self.limit)
    }

    /// Takes the next block; gives its part that belongs to the header and the rows to keep.
    fn add<'a>(&mut self, block: &'a [u8]) -> &'a [u8] {
        let mut kept = if self.ends <= self.limit {
            block.len()
        } else {
            0
        };
        for (place, _) in block.iter().enumerate().filter(|(_, byte)| **byte == b'\n') {
            if self.ends == self.limit {
                kept = place + 1;
            }
            self.ends += 1;
        }
        self.in_line = block.last().map_or(self.in_line, |byte| *byte != b'\n');
        &block[..kept]
    }
}

extern "C" fn handler_create(
    host: *const abi::Host,
    _config: abi::Str,
    this: *mut *mut c_void,
) -> i32 {
    // SAFETY: the host's table lives as long as the process; `this` is the host's own variable.
    unsafe { *this = host.cast_mut().cast() };
    abi::OK
}

// No panic may leave a function that the host calls.
extern "C" fn handler_run(this: *mut c_void, job: *mut abi::Job) -> i32 {
    // SAFETY: what handler_create was given.
    let host = unsafe { &*this.cast::<abi::Host>() };
    let job = Job::new(host, job);
    match catch_unwind(AssertUnwindSafe(|| run(&job))) {
        Ok(Ok(())) => abi::OK,
        Ok(Err(failure)) => job.fail(&failure),
        Err(_) => job.fail(&Failure {
            status: abi::PERMANENT,
            code: "panic",
            message: "the handler panicked".into(),
            hint: "See the last log lines of the job.",
        }),
    }
}

static HANDLER: abi::Handler = abi::Handler {
    size: size_of::<abi::Handler>() as u32,
    abi_major: abi::ABI_MAJOR,
    min_host_minor: 0,
    reserved: 0,
    name: abi::Str::new("template-handler"),
    version: abi::Str::new("0.1.0"),
    sdk: abi::Str::new("rust"),
    create: handler_create,
    run: handler_run,
    cancel: None,
    destroy: None,
    extension: None,
};

#[unsafe(no_mangle)]
pub extern "C" fn jobhandler_v1(_host: *const abi::Host) -> *const abi::Handler {
    &HANDLER
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_counted_however_the_file_arrives() {
        let text = b"id,name\n1,Ada\n2,Grace\n3,Edsger";
        for size in [1, 5, text.len()] {
            let mut lines = LineCount::new(2);
            let kept: Vec<u8> = text
                .chunks(size)
                .flat_map(|block| lines.add(block).to_vec())
                .collect();
            assert_eq!(kept, b"id,name\n1,Ada\n2,Grace\n");
            assert_eq!((lines.rows(), lines.kept()), (3, 2));
        }
    }

    #[test]
    fn the_limit_is_read_from_the_payload() {
        assert_eq!(limit("{}"), Ok(u64::MAX));
        assert_eq!(limit("{\"limit\": 12}"), Ok(12));
        assert_eq!(
            limit("{\"limit\":0}").map_err(|failure| failure.code),
            Err("payload-invalid")
        );
    }
}
