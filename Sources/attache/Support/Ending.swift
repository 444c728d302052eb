import ArgumentParser

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// How the process ends after an error: its exit code and what it prints last.
struct Ending {
    let code: Int32
    /// The signal that the process ends by, instead of a code.
    let signal: Int32?
    /// On standard output: the help and the version that were asked for.
    let output: String?
    /// On standard error: one line.
    let complaint: String?

    /// - Parameters:
    ///   - command: the command that has thrown; the root where the arguments could not be parsed.
    init(_ error: any Error, command: any ParsableCommand.Type, root: any ParsableCommand.Type) {
        switch error {
        case let error as Interrupted: self.init(code: 1, signal: error.signal, complaint: error.message)
        case let error as UsageError: self.init(code: 2, complaint: "\(error.message). See '\(error.help)'")
        case let error as ExitCode: self.init(code: error.rawValue)
        default: self.init(other: error, command: command, root: root)
        }
    }

    private init(other error: any Error, command: any ParsableCommand.Type, root: any ParsableCommand.Type) {
        switch command.exitCode(for: error) {
        case .success: self.init(code: 0, output: command.fullMessage(for: error))
        case .validationFailure:
            // The parser's long message ends with the help of the very command that was mistyped.
            let lines = command.fullMessage(for: error).split(whereSeparator: \.isNewline)
            let shown = lines.last { $0.contains("--help'") }?.split(separator: "'").dropFirst().first.map(String.init)
            let help = command == root ? shown : "\(CommandPath.of(command, under: root)) --help"
            var message = command.message(for: error)
            while message.hasSuffix(".") { message.removeLast() }
            if !message.hasSuffix("?") { message += "." }
            self.init(code: 2, complaint: "\(message) See '\(help ?? "attache --help")'")
        default: self.init(code: 1, complaint: CommandError(explaining: error).description)
        }
    }

    private init(code: Int32, signal: Int32? = nil, output: String? = nil, complaint: String? = nil) {
        self.code = code
        self.signal = signal
        self.output = output
        self.complaint = complaint.map { text in
            text.split(whereSeparator: \.isNewline).joined(separator: " ")
        }
    }

    func exit() -> Never {
        if let output { Console.out(output) }
        if let complaint { Console.error("attache: \(complaint)") }
        if let signal {
            end(by: signal)
        }
        endProcess(code)
    }
}

// The names of the C library's functions are those of members here.
private func end(by number: Int32) {
    _ = signal(number, SIG_DFL)
    // The threads that run tasks may have it blocked.
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, number)
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
    raise(number)
}

private func endProcess(_ code: Int32) -> Never { exit(code) }
