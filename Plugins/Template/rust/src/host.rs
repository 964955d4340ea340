//! Safe Rust around one run: streams that close themselves, failures as values.

use crate::abi;
use std::ptr::{null, null_mut};

/// How a run ends without a result.
#[derive(Debug, PartialEq)]
pub struct Failure {
    pub status: i32,
    pub code: &'static str,
    pub message: String,
    pub hint: &'static str,
}

impl Failure {
    /// The submitter's fault: never tried again.
    pub fn invalid_input(code: &'static str, message: &str, hint: &'static str) -> Self {
        Self {
            status: abi::INVALID_INPUT,
            code,
            message: message.into(),
            hint,
        }
    }

    /// What a failure code of the host means for the job.
    fn host(code: i64, what: &str) -> Self {
        let (status, name) = match i32::try_from(code) {
            Ok(abi::E_LIMIT) => (abi::RESOURCE, "outputBytes"),
            Ok(abi::E_IO) => (abi::RETRYABLE, "input-output"),
            _ => (abi::PERMANENT, "handler-defect"),
        };
        Self {
            status,
            code: name,
            message: what.into(),
            hint: "",
        }
    }

    /// The run was told to stop.
    fn cancelled() -> Self {
        Self {
            status: abi::CANCELLED,
            code: "cancelled",
            message: "stopped because it was told to".into(),
            hint: "",
        }
    }
}

/// One run of the handler.
pub struct Job<'a> {
    host: &'a abi::Host,
    job: *mut abi::Job,
}

impl<'a> Job<'a> {
    pub fn new(host: &'a abi::Host, job: *mut abi::Job) -> Self {
        Self { host, job }
    }

    /// The job's parameters, a JSON text that fits payload.schema.json.
    pub fn payload(&self) -> Result<String, Failure> {
        let length = (self.host.payload_json)(self.job, null_mut(), 0);
        let mut text = vec![0u8; usize::try_from(length).unwrap_or(0)];
        let length =
            (self.host.payload_json)(self.job, text.as_mut_ptr().cast(), text.len() as u64);
        if length < 0 || length as usize > text.len() {
            return Err(Failure::host(length, "the parameters cannot be read"));
        }
        String::from_utf8(text)
            .map_err(|_| Failure::invalid_input("payload-invalid", "not UTF-8", ""))
    }

    pub fn input(&self, name: &str) -> Result<Stream<'a>, Failure> {
        let mut stream = null_mut();
        match (self.host.open_input)(self.job, abi::Str::new(name), &mut stream) {
            abi::OK => Ok(Stream {
                host: self.host,
                stream,
            }),
            abi::E_NOT_FOUND => Err(Failure::invalid_input(
                "input-missing",
                &format!("the job has no input named {name}"),
                "",
            )),
            code => Err(Failure::host(code.into(), "the input cannot be opened")),
        }
    }

    pub fn output(&self, name: &str) -> Result<Stream<'a>, Failure> {
        let mut stream = null_mut();
        match (self.host.open_output)(
            self.job,
            abi::Str::new(name),
            abi::Str {
                ptr: null(),
                len: 0,
            },
            &mut stream,
        ) {
            abi::OK => Ok(Stream {
                host: self.host,
                stream,
            }),
            code => Err(Failure::host(code.into(), "the output cannot be opened")),
        }
    }

    /// To be called once a block.
    pub fn check_cancelled(&self) -> Result<(), Failure> {
        if (self.host.cancelled)(self.job) == 0 {
            Ok(())
        } else {
            Err(Failure::cancelled())
        }
    }

    pub fn progress(&self, fraction: f64, note: &str) {
        (self.host.progress)(self.job, fraction, abi::Str::new(note));
    }

    pub fn set_result(&self, json: &str) -> Result<(), Failure> {
        match (self.host.set_result_json)(self.job, abi::Str::new(json)) {
            abi::OK => Ok(()),
            code => Err(Failure::host(code.into(), "the result cannot be set")),
        }
    }

    /// Tells the host why the run ends; gives the status to return.
    pub fn fail(&self, failure: &Failure) -> i32 {
        let error = abi::Error {
            size: size_of::<abi::Error>() as u32,
            reserved: 0,
            code: abi::Str::new(failure.code),
            message: abi::Str::new(&failure.message),
            hint: abi::Str::new(failure.hint),
            column: abi::Str {
                ptr: null(),
                len: 0,
            },
            row: 0,
            retry_after_ms: -1,
            details_json: abi::Str {
                ptr: null(),
                len: 0,
            },
        };
        (self.host.set_error)(self.job, &error);
        failure.status
    }
}

/// An input or an output; closed when it is dropped.
pub struct Stream<'a> {
    host: &'a abi::Host,
    stream: *mut abi::Stream,
}

impl Stream<'_> {
    /// The input's size in bytes.
    pub fn size(&self) -> Result<u64, Failure> {
        let size = (self.host.input_size)(self.stream);
        u64::try_from(size).map_err(|_| Failure::host(size, "the size of the input is not known"))
    }

    /// Gives how many bytes were read; 0 is the end.
    pub fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Failure> {
        let length = (self.host.read)(self.stream, buffer.as_mut_ptr().cast(), buffer.len() as u64);
        usize::try_from(length).map_err(|_| Failure::host(length, "the input cannot be read"))
    }

    /// The host takes as much as it likes; the rest is offered again.
    pub fn write(&mut self, mut bytes: &[u8]) -> Result<(), Failure> {
        while !bytes.is_empty() {
            let taken = (self.host.write)(self.stream, bytes.as_ptr().cast(), bytes.len() as u64);
            match usize::try_from(taken) {
                Ok(count) if count > 0 => bytes = &bytes[count..],
                _ => return Err(Failure::host(taken, "the output cannot be written")),
            }
        }
        Ok(())
    }

    /// Ends an output; unlike dropping it, this tells when its last bytes were lost.
    pub fn close(mut self) -> Result<(), Failure> {
        match (self.host.close)(std::mem::replace(&mut self.stream, null_mut())) {
            abi::OK => Ok(()),
            code => Err(Failure::host(code.into(), "the output cannot be closed")),
        }
    }
}

impl Drop for Stream<'_> {
    fn drop(&mut self) {
        if !self.stream.is_null() {
            (self.host.close)(self.stream);
        }
    }
}
