extension HostFrame {
    private enum Kind {
        static let hello: UInt8 = 1
        static let ready: UInt8 = 2
        static let refused: UInt8 = 3
        static let run: UInt8 = 4
        static let cancel: UInt8 = 5
        static let log: UInt8 = 6
        static let progress: UInt8 = 7
        static let finished: UInt8 = 8
        static let bye: UInt8 = 9
        static let alive: UInt8 = 10
        static let stateRequest: UInt8 = 11
        static let stateReply: UInt8 = 12
        static let metric: UInt8 = 13
        static let probe: UInt8 = 14
        static let probed: UInt8 = 15
    }

    /// The frame as bytes.
    package func encoded() -> [UInt8] {
        var writer = FrameWriter()
        switch self {
        case .hello(let hello):
            writer.number(Kind.hello)
            hello.write(to: &writer)
        case .ready(let ready):
            writer.number(Kind.ready)
            ready.write(to: &writer)
        case .refused(let refusal):
            writer.number(Kind.refused)
            writer.text(refusal.code)
            writer.text(refusal.message)
            writer.flag(refusal.isPassing)
        case .run(let run):
            writer.number(Kind.run)
            run.write(to: &writer)
        case .cancel(let run):
            writer.number(Kind.cancel)
            writer.number(run)
        case .log(let log):
            writer.number(Kind.log)
            log.write(to: &writer)
        case .progress(let run, let fraction, let note):
            writer.number(Kind.progress)
            writer.number(run)
            writer.number(fraction.bitPattern)
            writer.text(note)
        case .finished(let finish):
            writer.number(Kind.finished)
            finish.write(to: &writer)
        case .bye:
            writer.number(Kind.bye)
        case .alive(let run):
            writer.number(Kind.alive)
            writer.number(run)
        case .stateRequest(let request):
            writer.number(Kind.stateRequest)
            request.write(to: &writer)
        case .stateReply(let reply):
            writer.number(Kind.stateReply)
            reply.write(to: &writer)
        case .metric(let metric):
            writer.number(Kind.metric)
            metric.write(to: &writer)
        case .probe:
            writer.number(Kind.probe)
        case .probed(let layers):
            writer.number(Kind.probed)
            writer.list(layers) { $1.write(to: &$0) }
        }
        return writer.bytes
    }

    /// Reads a frame.
    ///
    /// - Parameter bytes: exactly one frame, from a side that need not be trusted.
    /// - Throws: ``FrameFault`` for anything that is not one whole frame.
    package init(decoding bytes: [UInt8]) throws(FrameFault) {
        var reader = FrameReader(bytes)
        switch try reader.number(UInt8.self) {
        case Kind.hello: self = .hello(try HostHello(from: &reader))
        case Kind.ready: self = .ready(try HostReady(from: &reader))
        case Kind.refused:
            self = .refused(
                HostRefusal(
                    code: try reader.text(), message: try reader.text(), isPassing: try reader.flag("isPassing")))
        case Kind.run: self = .run(try HostRun(from: &reader))
        case Kind.cancel: self = .cancel(run: try reader.number())
        case Kind.log: self = .log(try HostLog(from: &reader))
        case Kind.progress:
            let run: UInt64 = try reader.number()
            let fraction = Double(bitPattern: try reader.number())
            guard (0...1).contains(fraction) else { throw .invalidValue(field: "fraction") }
            self = .progress(run: run, fraction: fraction, note: try reader.text())
        case Kind.finished: self = .finished(try HostFinish(from: &reader))
        case Kind.bye: self = .bye
        case Kind.alive: self = .alive(run: try reader.number())
        case Kind.stateRequest: self = .stateRequest(try HostStateRequest(from: &reader))
        case Kind.stateReply: self = .stateReply(try HostStateReply(from: &reader))
        case Kind.metric: self = .metric(try HostMetric(from: &reader))
        case Kind.probe: self = .probe
        case Kind.probed:
            self = .probed(try reader.list { reader throws(FrameFault) in try HostLayer(from: &reader) })
        case let kind: throw .unknownKind(kind)
        }
        try reader.end()
    }
}

extension HostHello {
    fileprivate func write(to writer: inout FrameWriter) {
        writer.number(Self.protocolVersion)
        writer.text(runnerVersion)
        writer.text(libraryPath)
        writer.flag(libraryIsDescriptor)
        writer.text(handlerName)
        writer.text(handlerVersion)
        writer.blob(config)
        writer.number(dataLimitBytes)
        writer.number(fileLimitBytes)
        writer.number(openFiles)
        writer.flag(denyNetwork)
        writer.flag(denyProcesses)
        writer.list(readPaths) { $0.text($1) }
        writer.list(writePaths) { $0.text($1) }
        writer.flag(requiresConfinement)
        writer.number(checkpointLimitBytes)
        writer.number(keyValueLimitBytes)
    }

    fileprivate init(from reader: inout FrameReader) throws(FrameFault) {
        let version: UInt32 = try reader.number()
        guard version == Self.protocolVersion else { throw .version(found: version) }
        self.init(
            runnerVersion: try reader.text(), libraryPath: try reader.text(),
            libraryIsDescriptor: try reader.flag("libraryIsDescriptor"), handlerName: try reader.text(),
            handlerVersion: try reader.text(), config: try reader.blob(), dataLimitBytes: try reader.number(),
            fileLimitBytes: try reader.number(), openFiles: try reader.number(),
            denyNetwork: try reader.flag("denyNetwork"),
            denyProcesses: try reader.flag("denyProcesses"),
            readPaths: try reader.list { reader throws(FrameFault) in try reader.text() },
            writePaths: try reader.list { reader throws(FrameFault) in try reader.text() },
            requiresConfinement: try reader.flag("requiresConfinement"), checkpointLimitBytes: try reader.number(),
            keyValueLimitBytes: try reader.number())
    }
}

extension HostReady {
    fileprivate func write(to writer: inout FrameWriter) {
        writer.number(abiMajor)
        writer.number(minHostMinor)
        writer.text(sdk)
        writer.number(pid)
        writer.list(layers) { $1.write(to: &$0) }
    }

    fileprivate init(from reader: inout FrameReader) throws(FrameFault) {
        self.init(
            abiMajor: try reader.number(), minHostMinor: try reader.number(), sdk: try reader.text(),
            pid: try reader.number(),
            layers: try reader.list { reader throws(FrameFault) in try HostLayer(from: &reader) })
    }
}

extension HostRun {
    fileprivate func write(to writer: inout FrameWriter) {
        writer.number(run)
        writer.text(jobID)
        writer.number(attempt)
        writer.blob(payload)
        writer.list(inputs) { $0.text($1) }
        writer.list(outputs) { writer, output in
            writer.text(output.name)
            writer.text(output.contentType)
        }
        writer.text(outputDirectory)
        writer.text(scratchDirectory)
        writer.number(deadlineNanoseconds)
        writer.number(outputLimitBytes)
    }

    fileprivate init(from reader: inout FrameReader) throws(FrameFault) {
        self.init(
            run: try reader.number(), jobID: try reader.text(), attempt: try reader.number(),
            payload: try reader.blob(), inputs: try reader.list { reader throws(FrameFault) in try reader.text() },
            outputs: try reader.list { reader throws(FrameFault) in
                Output(name: try reader.text(), contentType: try reader.text())
            },
            outputDirectory: try reader.text(), scratchDirectory: try reader.text(),
            deadlineNanoseconds: try reader.number(), outputLimitBytes: try reader.number())
    }
}

extension HostLog {
    fileprivate func write(to writer: inout FrameWriter) {
        writer.number(run)
        writer.number(level)
        writer.text(message)
        writer.list(fields) { writer, field in
            writer.text(field.key)
            writer.text(field.value)
        }
    }

    fileprivate init(from reader: inout FrameReader) throws(FrameFault) {
        self.init(
            run: try reader.number(), level: try reader.number(), message: try reader.text(),
            fields: try reader.list { reader throws(FrameFault) in
                Field(key: try reader.text(), value: try reader.text())
            })
    }
}

extension HostFinish {
    fileprivate func write(to writer: inout FrameWriter) {
        writer.number(run)
        writer.number(status)
        writer.text(code)
        writer.text(message)
        writer.blob(details)
        writer.number(retryAfterMilliseconds)
        writer.blob(result)
        writer.list(outputs) { writer, output in
            writer.text(output.name)
            writer.number(output.sizeBytes)
            writer.text(output.contentType)
        }
        writer.number(peakMemoryBytes)
        writer.number(droppedLogLines)
    }

    fileprivate init(from reader: inout FrameReader) throws(FrameFault) {
        self.init(
            run: try reader.number(), status: try reader.number(), code: try reader.text(),
            message: try reader.text(), details: try reader.blob(),
            retryAfterMilliseconds: try reader.number(), result: try reader.blob(),
            outputs: try reader.list { reader throws(FrameFault) in
                Output(name: try reader.text(), sizeBytes: try reader.number(), contentType: try reader.text())
            },
            peakMemoryBytes: try reader.number(), droppedLogLines: try reader.number())
    }
}
