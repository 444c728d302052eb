/// A regex literal, compiled: JavaScript's meaning (ECMA-262 §22.2, no `u` flag), flags `i` and `m`.
///
/// Immutable, so that one serves all threads; the memory of a match is the caller's `RegexScratch`.
///
/// ```swift
/// let scratch = RegexScratch()
/// while try regex.firstMatch(in: subject, from: at, scratch) { … scratch.match … scratch.group(1) … }
/// ```
final class RegularExpression: Sendable {
    /// The number of groups that capture.
    let groupCount: Int
    /// Names of groups and their numbers, in the order of the pattern.
    let groupNames: [(name: [UInt8], group: Int)]
    private let program: RegexProgram
    private let start: RegexStart

    /// - Parameter pattern: what stands between the slashes, as WTF-8.
    /// - Throws: `S0303` for what JavaScript would refuse.
    init(_ pattern: UnsafeBufferPointer<UInt8>, flags: RegexFlags) throws(JSONataError) {
        var parser = RegexParser(units: RegexSubject.units(pattern), ignoresCase: flags.ignoresCase)
        let root = try parser.parse()
        groupCount = parser.captureCount
        groupNames = parser.names.map { name in
            var bytes: [UInt8] = []
            for unit in name.name { RegexSubject.append(unit, to: &bytes) }
            return (bytes, name.group)
        }
        var compiler = RegexCompiler(flags: flags, captureCount: parser.captureCount)
        program = try compiler.compile(root)
        start = RegexStart(of: root, flags)
    }

    /// Finds the first match that begins at `from` or later; the scratch then tells where it is.
    ///
    /// - Parameters:
    ///   - subject: WTF-8 without 4-byte sequences; see `RegexSubject.split`.
    ///   - from: a byte offset at a unit's boundary.
    /// - Throws: `D1012` when the scratch's budget is used up.
    func firstMatch(
        in subject: UnsafeBufferPointer<UInt8>, from: Int, _ scratch: RegexScratch
    ) throws(JSONataError) -> Bool {
        if subject.count - from < start.leastBytes { return false }
        let code = program.code
        scratch.state.pointee.reserve(slots: code.slotCount)
        let matcher = RegexMatcher(
            code: code, state: scratch.state,
            // An empty buffer may have no address; any valid one will do, since nothing is read.
            subject: subject.baseAddress ?? code.bytes, end: subject.count
        )
        matcher.remember(from: from)
        let outcome = start.search(matcher, from: from)
        // The matcher's pointers are the program's.
        withExtendedLifetime(program) {}
        if outcome == .exhausted {
            if let failure = scratch.state.pointee.failure as? JSONataError { throw failure }
            throw JSONataError("D1012", "A regular expression takes too long on its subject")
        }
        return outcome == .matched
    }
}
