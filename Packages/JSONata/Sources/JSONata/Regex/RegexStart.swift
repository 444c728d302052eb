/// Where matches of a pattern may begin: found without running the program.
final class RegexStart: @unchecked Sendable {
    // @unchecked: the memory behind `bytes` is written in `init` and only read until `deinit`.
    private enum Kind {
        case anywhere
        case subjectStart
        /// At a byte that `bytes`, a table of 256, marks.
        case table
        /// At the byte `bytes[0]`.
        case byte
        /// At `count` bytes followed by as many case masks.
        case literal
        /// The same, where that is all there is to the pattern.
        case wholeLiteral
    }

    /// The fewest bytes a match takes.
    let leastBytes: Int
    private let kind: Kind
    private let bytes: UnsafePointer<UInt8>
    private let count: Int

    init(of root: RegexNode, _ flags: RegexFlags) {
        let first = root.follow(.end, flags)
        let prefix = root.prefix
        let isLiteral =
            !prefix.units.isEmpty
            && (!flags.ignoresCase || prefix.units.allSatisfy { $0 < 0x80 || CaseFolding.variants(of: $0).count == 1 })
        let content: [UInt8]
        if root.isAnchored(flags) {
            (kind, content) = (.subjectStart, [0])
        } else if isLiteral {
            let literal = RegexLiteral(prefix.units, flags)
            (kind, content) = (prefix.whole ? .wholeLiteral : .literal, literal.bytes + literal.masks)
        } else if let only = first.onlyByte {
            (kind, content) = (.byte, [only])
        } else if !first.accepts, !first.atEnd {
            (kind, content) = (.table, (0...255).map { first.bytes.contains($0) ? 1 : 0 })
        } else {
            (kind, content) = (.anywhere, [0])
        }
        count = content.count / 2
        let hasLiteral = kind == .literal || kind == .wholeLiteral
        leastBytes = hasLiteral ? max(root.leastBytes, count) : root.leastBytes
        let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: content.count)
        for (index, byte) in content.enumerated() { (memory + index).initialize(to: byte) }
        bytes = UnsafePointer(memory)
    }

    deinit { bytes.deallocate() }

    func search(_ matcher: RegexMatcher, from: Int) -> RegexMatcher.Outcome {
        switch kind {
        case .subjectStart: return from == 0 ? matcher.run(from: 0) : .failed
        case .anywhere: return searchEverywhere(matcher, from: from)
        case .table:
            return search(matcher, from: from) { at, end in
                ByteSearch.first(inside: bytes, in: matcher.subject, at: at, end: end)
            }
        case .byte:
            return search(matcher, from: from) { at, end in
                ByteSearch.first(bytes[0], mask: 0, in: matcher.subject, at: at, end: end)
            }
        case .literal, .wholeLiteral: return searchLiteral(matcher, from: from)
        }
    }

    private func searchEverywhere(_ matcher: RegexMatcher, from: Int) -> RegexMatcher.Outcome {
        var at = from
        while true {
            let outcome = matcher.run(from: at)
            if outcome != .failed { return outcome }
            if at >= matcher.end { return .failed }
            at &+= matcher.sequenceLength(matcher.subject[at])
        }
    }

    @inline(__always)
    private func search(
        _ matcher: RegexMatcher, from: Int, _ candidate: (_ at: Int, _ end: Int) -> Int
    ) -> RegexMatcher.Outcome {
        // Beyond this there is no room for what must follow the first byte.
        let end = matcher.end &- leastBytes &+ 1
        var at = from
        while true {
            at = candidate(at, end)
            if at >= end { return .failed }
            let outcome = matcher.run(from: at)
            if outcome != .failed { return outcome }
            at &+= 1
        }
    }

    private func searchLiteral(_ matcher: RegexMatcher, from: Int) -> RegexMatcher.Outcome {
        let end = matcher.end &- leastBytes &+ 1
        let masks = bytes + count
        let subject = matcher.subject
        var at = from
        while true {
            at = ByteSearch.first(bytes[0], mask: masks[0], in: subject, at: at, end: end)
            if at >= end { return .failed }
            var length = 1
            while length < count, subject[at &+ length] | masks[length] == bytes[length] { length &+= 1 }
            if length == count {
                if kind == .wholeLiteral {
                    matcher.state.pointee.slots[0] = Int32(truncatingIfNeeded: at)
                    matcher.state.pointee.slots[1] = Int32(truncatingIfNeeded: at &+ count)
                    return .matched
                }
                let outcome = matcher.run(from: at)
                if outcome != .failed { return outcome }
            }
            at &+= 1
        }
    }
}
