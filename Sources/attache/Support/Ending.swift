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
    /// On standard output: the help and the version that were asked for.
    let output: String?
    /// On standard error: one line.
    let complaint: String?

    init(_ error: any Error, usage: any ParsableCommand.Type) {
        if let failure = error as? CommandError {
            self.init(code: 1, complaint: failure.description)
            return
        }
        switch usage.exitCode(for: error) {
        case .success: self.init(code: 0, output: usage.fullMessage(for: error))
        case .validationFailure:
            // The parser's long message ends with the help of the very command that was mistyped.
            let lines = usage.fullMessage(for: error).split(whereSeparator: \.isNewline)
            let help = lines.last { $0.contains("--help'") }?.split(separator: "'").dropFirst().first
            self.init(code: 2, complaint: "\(usage.message(for: error)). See '\(help ?? "attache --help")'")
        case let other where error is ExitCode: self.init(code: other.rawValue)
        default: self.init(code: 1, complaint: "\(error)")
        }
    }

    private init(code: Int32, output: String? = nil, complaint: String? = nil) {
        self.code = code
        self.output = output
        self.complaint = complaint.map { text in
            text.split(whereSeparator: \.isNewline).joined(separator: " ")
        }
    }

    func exit() -> Never {
        if let output { Console.out(output) }
        if let complaint { Console.error("attache: \(complaint)") }
        #if canImport(Glibc)
        Glibc.exit(code)
        #elseif canImport(Musl)
        Musl.exit(code)
        #else
        Darwin.exit(code)
        #endif
    }
}
