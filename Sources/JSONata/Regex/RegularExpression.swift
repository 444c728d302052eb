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
    private let start: Start
    private let leastBytes: Int

    /// Where a match may begin: found without running the program.
    private enum Start: Sendable {
        case anywhere
        case subjectStart
        /// Class of first bytes, as a table.
        case bytes(RegexStartTable)
        /// Every match begins with this; `whole` if it is all there is to the pattern.
        case literal(RegexLiteral, whole: Bool)
    }

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
        leastBytes = root.leastBytes
        let first = root.follow(.end, flags)
        let prefix = root.prefix
        let foldable = !flags.ignoresCase || prefix.units.allSatisfy { $0 < 0x80 || CaseFolding.variants(of: $0).count == 1 }
        if root.isAnchored(flags) {
            start = .subjectStart
        } else if !prefix.units.isEmpty, foldable {
            start = .literal(RegexLiteral(prefix.units, flags), whole: prefix.whole)
        } else if !first.accepts, !first.atEnd {
            start = .bytes(RegexStartTable(first.bytes))
        } else {
            start = .anywhere
        }
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
        let end = subject.count
        if end - from < leastBytes { return false }
        // An empty buffer may have no address; any valid one will do, since nothing is read.
        let bytes = subject.baseAddress ?? program.bytes
        scratch.reserve(slots: program.slotCount)
        let matcher = RegexMatcher(program: program, scratch: scratch, subject: bytes, end: end)
        switch start {
        case .subjectStart:
            return from == 0 ? try attempt(matcher, 0) : false
        case .anywhere:
            var at = from
            while true {
                if try attempt(matcher, at) { return true }
                if at >= end { return false }
                at += matcher.sequenceLength(bytes[at])
            }
        case .bytes(let table):
            let last = end - leastBytes
            var at = from
            while true {
                at = table.first(in: bytes, at: at, end: end)
                if at > last { return false }
                if try attempt(matcher, at) { return true }
                at += 1
            }
        case .literal(let literal, let whole):
            return try search(for: literal, whole: whole, matcher, from: from)
        }
    }

    private func search(
        for literal: RegexLiteral, whole: Bool, _ matcher: RegexMatcher, from: Int
    ) throws(JSONataError) -> Bool {
        let count = literal.bytes.count
        let bytes = matcher.subject
        // Beyond this there is no room for what must follow the first byte.
        let end = matcher.end - leastBytes + 1
        let masks = literal.masks
        let first = literal.bytes[0]
        let firstMask = masks[0]
        var at = from
        while true {
            at = ByteSearch.first(first, mask: firstMask, in: bytes, at: at, end: end)
            if at >= end { return false }
            var length = 1
            while length < count, bytes[at + length] | masks[length] == literal.bytes[length] { length += 1 }
            if length == count {
                if whole {
                    matcher.scratch.slots[0] = Int32(truncatingIfNeeded: at)
                    matcher.scratch.slots[1] = Int32(truncatingIfNeeded: at + count)
                    return true
                }
                if try attempt(matcher, at) { return true }
            }
            at += 1
        }
    }

    @inline(__always)
    private func attempt(_ matcher: RegexMatcher, _ at: Int) throws(JSONataError) -> Bool {
        switch matcher.run(from: at) {
        case .matched: return true
        case .failed: return false
        case .exhausted:
            throw JSONataError("D1012", "A regular expression takes too long on its subject")
        }
    }
}

/// The bytes a match may begin with.
final class RegexStartTable: Sendable {
    private let table: [UInt8]
    private let only: UInt8?

    init(_ bytes: ByteSet) {
        table = (0...255).map { bytes.contains(UInt8($0)) ? 1 : 0 }
        only = bytes.count == 1 ? bytes.members[0] : nil
    }

    @inline(__always)
    func first(in bytes: UnsafePointer<UInt8>, at: Int, end: Int) -> Int {
        if let only { return ByteSearch.first(only, mask: 0, in: bytes, at: at, end: end) }
        return table.withUnsafeBufferPointer { table in
            // `baseAddress` of 256 bytes is never nil.
            ByteSearch.first(inside: table.baseAddress!, in: bytes, at: at, end: end)
        }
    }
}
