/// Runs a program at one position of a subject: backtracking on a stack of its own.
struct RegexMatcher {
    let code: RegexCode
    let state: UnsafeMutablePointer<RegexState>
    let subject: UnsafePointer<UInt8>
    let end: Int

    enum Outcome {
        case matched, failed, exhausted
    }

    /// Tries to match at `start`; on success the scratch's slots tell where.
    func run(from start: Int) -> Outcome {
        let instructions = code.instructions
        let tables = code.tables
        let pool = code.bytes
        let subject = subject
        let end = end
        let slots = state.pointee.slots
        var frames = state.pointee.frames
        var height = 0
        var capacity = state.pointee.frameCapacity
        var budget = state.pointee.budget
        var at = start
        var next = 0
        var failed = false
        for slot in 2..<code.captureSlots { slots[slot] = -1 }
        slots[0] = Int32(truncatingIfNeeded: start)
        defer { state.pointee.budget = budget }

        @inline(__always) func push(_ kind: Int32, _ target: Int, _ a: Int, _ b: Int) {
            frames[height] = RegexFrame(
                kind: kind, target: Int32(truncatingIfNeeded: target), a: Int32(truncatingIfNeeded: a),
                b: Int32(truncatingIfNeeded: b)
            )
            height &+= 1
        }
        @inline(__always) func set(_ slot: Int, _ value: Int) {
            // With nothing to go back to, failure ends the attempt and nobody reads the old value.
            if height > 0 { push(RegexFrame.Kind.undo, 0, slot, Int(slots[slot])) }
            slots[slot] = Int32(truncatingIfNeeded: value)
        }

        while true {
            if failed {
                failed = false
                budget &-= 1
                if budget < 0 {
                    if !state.pointee.refill() { return .exhausted }
                    budget = state.pointee.budget
                }
                backtrack: while true {
                    if height == 0 { return .failed }
                    let frame = frames[height &- 1]
                    switch frame.kind {
                    case RegexFrame.Kind.undo:
                        height &-= 1
                        slots[Int(frame.a)] = frame.b
                    case RegexFrame.Kind.choice:
                        height &-= 1
                        at = Int(frame.a)
                        next = Int(frame.target)
                        break backtrack
                    case RegexFrame.Kind.run:
                        at = Int(frame.a) &- 1
                        while subject[at] & 0xC0 == 0x80 { at &-= 1 }
                        next = Int(frame.target)
                        if at > Int(frame.b) {
                            frames[height &- 1].a = Int32(truncatingIfNeeded: at)
                        } else {
                            height &-= 1
                        }
                        break backtrack
                    case RegexFrame.Kind.hintedRun:
                        next = Int(frame.target)
                        let hint = instructions[next &- 1].byte
                        let least = Int(frame.b)
                        at = Int(frame.a) &- 1
                        while at >= least, subject[at] != hint { at &-= 1 }
                        budget &-= (Int(frame.a) &- at) &>> 3
                        if at > least {
                            frames[height &- 1].a = Int32(truncatingIfNeeded: at)
                            break backtrack
                        }
                        height &-= 1
                        if at == least { break backtrack }
                    default:
                        next = Int(frame.target)
                        let run = instructions[next &- 1]
                        let from = Int(frame.a)
                        var left = Int(frame.b)
                        if run.memo != RegexMemo.none {
                            at = nextHint(run, from: from, &budget)
                            if at < 0 {
                                height &-= 1
                                budget &-= 1
                                continue backtrack
                            }
                            frames[height &- 1].a = Int32(truncatingIfNeeded: at)
                            break backtrack
                        }
                        at = from
                        repeat {
                            let grown = unit(of: Int(run.x), at: at)
                            if grown < 0 {
                                budget &-= (at &- from) &>> 3
                                at = -1
                                break
                            }
                            at = grown
                            left &-= 1
                        } while run.hasHint && left > 0 && (at >= end || subject[at] != run.byte)
                        if at < 0 {
                            height &-= 1
                            budget &-= 1
                            continue backtrack
                        }
                        budget &-= (at &- from) &>> 3
                        if left > 0 {
                            frames[height &- 1].a = Int32(truncatingIfNeeded: at)
                            frames[height &- 1].b = Int32(truncatingIfNeeded: left)
                        } else {
                            height &-= 1
                        }
                        break backtrack
                    }
                }
            }
            // Each instruction pushes at most two frames, but for `forget`, which sees to itself.
            if height &+ 4 > capacity {
                if !state.pointee.growFrames() { return .exhausted }
                frames = state.pointee.frames
                capacity = state.pointee.frameCapacity
            }
            let instruction = instructions[next]
            next &+= 1
            switch instruction.operation {
            case .byte:
                if at < end, subject[at] == instruction.byte { at &+= 1 } else { failed = true }
            case .literal:
                let count = Int(instruction.y)
                budget &-= count &>> 4
                if end &- at >= count,
                    ByteSearch.matches(pool + Int(instruction.x), masks: nil, count: count, at: subject + at)
                {
                    at &+= count
                } else {
                    failed = true
                }
            case .folded:
                let count = Int(instruction.y)
                budget &-= count &>> 3
                let bytes = pool + Int(instruction.x)
                if end &- at >= count,
                    ByteSearch.matches(bytes, masks: bytes + count, count: count, at: subject + at)
                {
                    at &+= count
                } else {
                    failed = true
                }
            case .set:
                let after = unit(of: Int(instruction.x), at: at)
                if after >= 0 { at = after } else { failed = true }
            case .runPossessive:
                let from = at
                if instruction.memo != RegexMemo.none {
                    at = rememberedEnd(instruction, at: at, &budget)
                    if at == from, instruction.y == 1 { failed = true }
                    continue
                }
                if instruction.y <= 1, instruction.z == Int32.max {
                    at = runEnd(of: Int(instruction.x), at: at)
                    if at == from, instruction.y == 1 { failed = true }
                } else {
                    at = counted(instruction, at: at, least: nil)
                    if at < 0 { failed = true }
                }
                budget &-= (at &- from) &>> 5
            case .runGreedy:
                let from = at
                var least = at
                if instruction.y <= 1, instruction.z == Int32.max {
                    at =
                        instruction.memo != RegexMemo.none
                        ? rememberedEnd(instruction, at: at, &budget) : runEnd(of: Int(instruction.x), at: at)
                    if instruction.y == 1 {
                        if at == from {
                            failed = true
                            continue
                        }
                        least = from &+ sequenceLength(subject[from])
                    }
                    if instruction.hasHint, instruction.memo != RegexMemo.none {
                        at = lastHint(instruction, least: least, at: at, &budget)
                        if at < 0 {
                            failed = true
                        } else if at > least {
                            push(RegexFrame.Kind.hintedRun, next, at, least)
                        }
                        continue
                    }
                } else {
                    at = counted(instruction, at: at, least: &least)
                    if at < 0 {
                        failed = true
                        continue
                    }
                }
                if instruction.memo == RegexMemo.none { budget &-= (at &- from) &>> 5 }
                if at > least {
                    push(
                        instruction.hasHint ? RegexFrame.Kind.hintedRun : RegexFrame.Kind.run, next, at, least
                    )
                }
                if instruction.hasHint, at >= end || subject[at] != instruction.byte { failed = true }
            case .runLazy:
                var left = Int(instruction.z)
                for _ in 0..<Int(instruction.y) {
                    at = unit(of: Int(instruction.x), at: at)
                    if at < 0 { break }
                    left &-= 1
                }
                if at < 0 {
                    failed = true
                    continue
                }
                if left > 0 { push(RegexFrame.Kind.lazyRun, next, at, left) }
                if instruction.hasHint, at >= end || subject[at] != instruction.byte { failed = true }
            case .backSet:
                var before = at &- 1
                while before > 0, subject[before] & 0xC0 == 0x80 { before &-= 1 }
                if before >= 0, unit(of: Int(instruction.x), at: before) == at { at = before } else { failed = true }
            case .backLiteral, .backFolded:
                let count = Int(instruction.y)
                let bytes = pool + Int(instruction.x)
                let masks = instruction.operation == .backFolded ? bytes + count : nil
                if at >= count, ByteSearch.matches(bytes, masks: masks, count: count, at: subject + (at &- count)) {
                    at &-= count
                } else {
                    failed = true
                }
            case .jump:
                next = Int(instruction.x)
            case .split:
                push(RegexFrame.Kind.choice, Int(instruction.x), at, 0)
            case .splitFar:
                push(RegexFrame.Kind.choice, next, at, 0)
                next = Int(instruction.x)
            case .branch, .branchFar:
                var near = true
                var far = true
                if at < end {
                    let byte = Int(subject[at])
                    near = tables[Int(instruction.y) &* 256 &+ byte] != 0
                    far = tables[Int(instruction.z) &* 256 &+ byte] != 0
                }
                if near, far {
                    if instruction.operation == .branch {
                        push(RegexFrame.Kind.choice, Int(instruction.x), at, 0)
                    } else {
                        push(RegexFrame.Kind.choice, next, at, 0)
                        next = Int(instruction.x)
                    }
                } else if far {
                    next = Int(instruction.x)
                } else if !near {
                    failed = true
                }
            case .save:
                set(Int(instruction.x), at)
            case .forget:
                for slot in Int(instruction.x)..<Int(instruction.y) where slots[slot] >= 0 {
                    set(slot, -1)
                    if height &+ 4 > capacity {
                        if !state.pointee.growFrames() { return .exhausted }
                        frames = state.pointee.frames
                        capacity = state.pointee.frameCapacity
                    }
                }
            case .resetCount:
                set(Int(instruction.x), 0)
            case .loop:
                let loop = code.loops[Int(instruction.z)]
                let count = Int(slots[Int(instruction.y)])
                if count < loop.least { continue }
                if count >= loop.most {
                    next = Int(instruction.x)
                } else if loop.lazy {
                    push(RegexFrame.Kind.choice, next, at, 0)
                    next = Int(instruction.x)
                } else {
                    push(RegexFrame.Kind.choice, Int(instruction.x), at, 0)
                }
            case .count:
                set(Int(instruction.x), Int(slots[Int(instruction.x)]) &+ 1)
            case .progress:
                if at == Int(slots[Int(instruction.x)]),
                    instruction.y < 0 || slots[Int(instruction.y)] > instruction.z
                {
                    failed = true
                }
            case .lineStart: failed = at != 0
            case .anyLineStart: failed = at != 0 && !endsLine(before: at)
            case .lineEnd: failed = at != end
            case .anyLineEnd: failed = at != end && !startsLineEnd(at)
            case .wordBoundary: failed = isWord(at &- 1) == isWord(at)
            case .notWordBoundary: failed = isWord(at &- 1) != isWord(at)
            case .look:
                slots[Int(instruction.x)] = Int32(truncatingIfNeeded: height)
                slots[Int(instruction.x) &+ 1] = Int32(truncatingIfNeeded: at)
            case .lookEnd:
                // Captures made inside stay, but must still be undone when something earlier is tried again.
                var kept = Int(slots[Int(instruction.x)])
                for index in kept..<height where frames[index].kind == RegexFrame.Kind.undo {
                    frames[kept] = frames[index]
                    kept &+= 1
                }
                height = kept
                at = Int(slots[Int(instruction.x) &+ 1])
            case .lookNot:
                slots[Int(instruction.x)] = Int32(truncatingIfNeeded: height)
                push(RegexFrame.Kind.choice, Int(instruction.y), at, 0)
            case .lookNotEnd:
                let floor = Int(slots[Int(instruction.x)])
                while height > floor {
                    height &-= 1
                    let frame = frames[height]
                    if frame.kind == RegexFrame.Kind.undo { slots[Int(frame.a)] = frame.b }
                }
                failed = true
            case .reference, .foldedReference, .backReference, .backFoldedReference:
                let after = referenceEnd(instruction, at: at)
                budget &-= Int(slots[2 &* Int(instruction.x) &+ 1] &- slots[2 &* Int(instruction.x)]) &>> 3
                if after >= 0 { at = after } else { failed = true }
            case .accept:
                slots[1] = Int32(truncatingIfNeeded: at)
                return .matched
            }
        }
    }
}
