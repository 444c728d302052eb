/// Where a compiled pattern's instructions and tables are: plain pointers, so that a matcher copies and reads them freely.
struct RegexCode {
    let instructions: UnsafePointer<RegexInstruction>
    /// 256 bytes for each class.
    let tables: UnsafePointer<UInt8>
    /// For each class the only byte outside it, or -1 where there is not exactly one.
    let stops: UnsafePointer<Int16>
    /// Where each class's ranges begin in `ranges`; one more entry than classes.
    let rangeStarts: UnsafePointer<Int32>
    /// Bounds of ranges of code units, in pairs.
    let ranges: UnsafePointer<UInt16>
    let bytes: UnsafePointer<UInt8>
    let loops: UnsafePointer<RegexLoop>
    /// The slots of match and groups; loops and looks use those after them.
    let captureSlots: Int
    let slotCount: Int
    let memoCount: Int
}

/// The owner of a compiled pattern's memory.
final class RegexProgram: @unchecked Sendable {
    // @unchecked: everything behind the pointers is written in `init` and only read until `deinit`; whoever copies
    // `code` keeps the program for as long.
    let code: RegexCode

    init(
        instructions: [RegexInstruction], tables: [UInt8], rangeStarts: [Int32], ranges: [UInt16], bytes: [UInt8],
        loops: [RegexLoop], captureSlots: Int, slotCount: Int, memoCount: Int
    ) {
        code = RegexCode(
            instructions: Self.copy(instructions), tables: Self.copy(tables), stops: Self.copy(Self.stops(in: tables)),
            rangeStarts: Self.copy(rangeStarts), ranges: Self.copy(ranges), bytes: Self.copy(bytes),
            loops: Self.copy(loops), captureSlots: captureSlots, slotCount: slotCount,
            memoCount: memoCount
        )
    }

    deinit {
        code.instructions.deallocate()
        code.tables.deallocate()
        code.stops.deallocate()
        code.rangeStarts.deallocate()
        code.ranges.deallocate()
        code.bytes.deallocate()
        code.loops.deallocate()
    }

    private static func stops(in tables: [UInt8]) -> [Int16] {
        stride(from: 0, to: tables.count, by: 256).map { base in
            let others = (0...255).filter { byte in
                // Bytes that occur in no WTF-8 subject do not count.
                tables[base + byte] != ByteClass.inside && byte != 0xC0 && byte != 0xC1 && byte < 0xF0
            }
            return others.count == 1 && tables[base + others[0]] == ByteClass.outside ? Int16(others[0]) : -1
        }
    }

    private static func copy<Element: BitwiseCopyable>(_ array: [Element]) -> UnsafePointer<Element> {
        let memory = UnsafeMutablePointer<Element>.allocate(capacity: max(array.count, 1))
        array.withUnsafeBufferPointer { source in
            if let base = source.baseAddress { memory.initialize(from: base, count: source.count) }
        }
        return UnsafePointer(memory)
    }
}
