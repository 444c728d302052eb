#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The two streams that a command writes to: results on standard output, everything else on standard error.
enum Console {
    /// A line of the result.
    static func out(_ line: String) { write(line + "\n", to: STDOUT_FILENO) }

    /// A piece of the result.
    static func out(bytes: [UInt8]) { write(bytes, to: STDOUT_FILENO) }

    /// A line about the work.
    static func error(_ line: String) { write(line + "\n", to: STDERR_FILENO) }

    /// Text without a line's end, for what is drawn over itself.
    static func draw(_ text: String) { write(text, to: STDERR_FILENO) }

    static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }
    static var inputIsTerminal: Bool { isatty(STDIN_FILENO) == 1 }

    private static func write(_ text: String, to descriptor: Int32) { write(Array(text.utf8), to: descriptor) }

    /// Past the stream's buffers, so that a line is out when the process ends, however it ends.
    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var bytes = bytes[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}
