/// Runs that remember where they ended.
extension RegexMatcher {
    /// Keeps the memos of an earlier search for the same pattern in the same subject, forgets all others.
    @inline(__always)
    func remember(from: Int) {
        if code.memoCount == 0 { return }
        let known =
            state.pointee.program == code.instructions && state.pointee.subject == subject
            && state.pointee.subjectEnd == end
        if known, from > 0 { return }
        for memo in 0..<code.memoCount { state.pointee.memos[memo] = RegexMemo() }
        state.pointee.program = code.instructions
        state.pointee.subject = subject
        state.pointee.subjectEnd = end
    }

    /// As `runEnd`, looked for only once for a whole stretch of the subject.
    @inline(__always)
    func rememberedEnd(_ run: RegexInstruction, at: Int, _ budget: inout Int) -> Int {
        let memo = state.pointee.memos + Int(run.memo)
        if memo.pointee.covers(at) { return Int(memo.pointee.stop) }
        let stop = runEnd(of: Int(run.x), at: at)
        budget &-= (stop &- at) &>> 5
        memo.pointee = RegexMemo(from: Int32(truncatingIfNeeded: at), stop: Int32(truncatingIfNeeded: stop))
        return stop
    }

    /// The last position from `least` to `stop`, the end of a greedy run, at which the run's hint stands; -1 if there is
    /// none.
    @inline(__always)
    func lastHint(_ run: RegexInstruction, least: Int, at stop: Int, _ budget: inout Int) -> Int {
        let memo = state.pointee.memos + Int(run.memo)
        if least >= Int(memo.pointee.barren) { return -1 }
        var at = stop
        if at < end, subject[at] == run.byte { return at }
        repeat { at &-= 1 } while at >= least && subject[at] != run.byte
        budget &-= (stop &- at) &>> 3
        if at >= least { return at }
        memo.pointee.barren = Int32(truncatingIfNeeded: least)
        return -1
    }

    /// The next position behind `from` at which the hint of an unlimited lazy run stands, if the run reaches it; else -1.
    @inline(__always)
    func nextHint(_ run: RegexInstruction, from: Int, _ budget: inout Int) -> Int {
        // One unit has to be taken: a hint at `from` itself was tried before.
        let first = unit(of: Int(run.x), at: from)
        if first < 0 { return -1 }
        let memo = state.pointee.memos + Int(run.memo)
        if memo.pointee.covers(first) { return memo.pointee.found ? Int(memo.pointee.stop) : -1 }
        var at = first
        var found = false
        while true {
            if at < end, subject[at] == run.byte {
                found = true
                break
            }
            let grown = unit(of: Int(run.x), at: at)
            if grown < 0 { break }
            at = grown
        }
        budget &-= (at &- from) &>> 3
        memo.pointee = RegexMemo(
            from: Int32(truncatingIfNeeded: first), stop: Int32(truncatingIfNeeded: at), found: found
        )
        return found ? at : -1
    }
}
