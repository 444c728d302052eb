/// What the matcher asks about single units of the subject.
extension RegexMatcher {
    @inline(__always)
    func sequenceLength(_ lead: UInt8) -> Int { lead < 0x80 ? 1 : lead < 0xE0 ? 2 : 3 }

    /// The position after one unit of class `index` at `at`, -1 if there is none.
    @inline(__always)
    func unit(of index: Int, at: Int) -> Int {
        if at >= end { return -1 }
        let byte = subject[at]
        switch code.tables[index &* 256 &+ Int(byte)] {
        case ByteClass.outside: return -1
        case ByteClass.inside: return at &+ sequenceLength(byte)
        default: return contains(index, decoded(at)) ? at &+ sequenceLength(byte) : -1
        }
    }

    /// The position after all units of class `index` from `at` on.
    @inline(__always)
    func runEnd(of index: Int, at: Int) -> Int {
        let stop = code.stops[index]
        if stop >= 0 {
            return ByteSearch.first(UInt8(truncatingIfNeeded: stop), mask: 0, in: subject, at: at, end: end)
        }
        let table = code.tables + index &* 256
        var at = at
        while at < end {
            let verdict = table[Int(subject[at])]
            if verdict == ByteClass.inside {
                at &+= 1
            } else if verdict == ByteClass.outside {
                break
            } else if contains(index, decoded(at)) {
                at &+= sequenceLength(subject[at])
            } else {
                break
            }
        }
        return at
    }

    /// The position after at least `y` and at most `z` units; -1 if there are fewer. `least` gets the position after `y`.
    func counted(_ run: RegexInstruction, at: Int, least: UnsafeMutablePointer<Int>?) -> Int {
        var at = at
        var count: Int32 = 0
        if run.y == 0 { least?.pointee = at }
        while count < run.z {
            let after = unit(of: Int(run.x), at: at)
            if after < 0 { break }
            at = after
            count &+= 1
            if count == run.y { least?.pointee = at }
        }
        return count < run.y ? -1 : at
    }

    func decoded(_ at: Int) -> UInt16 {
        let byte = UInt16(subject[at])
        if byte < 0x80 { return byte }
        if byte < 0xE0 { return (byte & 0x1F) << 6 | UInt16(subject[at &+ 1] & 0x3F) }
        return (byte & 0xF) << 12 | UInt16(subject[at &+ 1] & 0x3F) << 6 | UInt16(subject[at &+ 2] & 0x3F)
    }

    func contains(_ index: Int, _ unit: UInt16) -> Bool {
        var low = Int(code.rangeStarts[index]) / 2
        var high = Int(code.rangeStarts[index &+ 1]) / 2
        while low < high {
            let middle = (low &+ high) / 2
            if unit < code.ranges[2 &* middle] {
                high = middle
            } else if unit > code.ranges[2 &* middle &+ 1] {
                low = middle &+ 1
            } else {
                return true
            }
        }
        return false
    }

    @inline(__always)
    func isWord(_ at: Int) -> Bool {
        if at < 0 || at >= end { return false }
        let byte = subject[at]
        let lower = byte | 0x20
        return (lower >= 0x61 && lower <= 0x7A) || (byte >= 0x30 && byte <= 0x39) || byte == 0x5F
    }

    /// Whether a line terminator stands right before `at`.
    func endsLine(before at: Int) -> Bool {
        let byte = subject[at &- 1]
        if byte == 0x0A || byte == 0x0D { return true }
        return at >= 3 && (byte & 0xFE) == 0xA8 && subject[at &- 2] == 0x80 && subject[at &- 3] == 0xE2
    }

    /// Whether a line terminator begins at `at`.
    func startsLineEnd(_ at: Int) -> Bool {
        let byte = subject[at]
        if byte == 0x0A || byte == 0x0D { return true }
        return byte == 0xE2 && at &+ 2 < end && subject[at &+ 1] == 0x80 && subject[at &+ 2] & 0xFE == 0xA8
    }

    /// Where the subject's repetition of a group ends (begins, when looking behind); -1 if it is not there.
    ///
    /// A group that took no part matches nothing, and so does one inside which the reference stands.
    func referenceEnd(_ instruction: RegexInstruction, at: Int) -> Int {
        let start = Int(state.pointee.slots[2 &* Int(instruction.x)])
        let stop = Int(state.pointee.slots[2 &* Int(instruction.x) &+ 1])
        guard start >= 0, stop >= start else { return at }
        let backward = instruction.operation == .backReference || instruction.operation == .backFoldedReference
        switch instruction.operation {
        case .reference, .backReference:
            let count = stop - start
            let from = backward ? at - count : at
            guard from >= 0, from + count <= end else { return -1 }
            let same = ByteSearch.matches(subject + start, masks: nil, count: count, at: subject + from)
            return same ? (backward ? from : from + count) : -1
        default:
            return backward ? foldedBefore(start, stop, at) : foldedAfter(start, stop, at)
        }
    }

    private func foldedAfter(_ start: Int, _ stop: Int, _ at: Int) -> Int {
        var own = start
        var at = at
        while own < stop {
            guard at < end, CaseFolding.canonical(decoded(own)) == CaseFolding.canonical(decoded(at)) else { return -1 }
            own += sequenceLength(subject[own])
            at += sequenceLength(subject[at])
        }
        return at
    }

    private func foldedBefore(_ start: Int, _ stop: Int, _ at: Int) -> Int {
        var own = stop
        var at = at
        while own > start {
            guard at > 0 else { return -1 }
            repeat { own -= 1 } while subject[own] & 0xC0 == 0x80
            repeat { at -= 1 } while at > 0 && subject[at] & 0xC0 == 0x80
            if CaseFolding.canonical(decoded(own)) != CaseFolding.canonical(decoded(at)) { return -1 }
        }
        return at
    }
}
