/// A compiled pattern's memory: instructions and tables behind plain pointers.
final class RegexProgram: @unchecked Sendable {
    // @unchecked: everything is written in `init` and only read until `deinit`; no pointer leaves for longer than a
    // match, which retains the program.
    let instructions: UnsafePointer<RegexInstruction>
    /// 256 bytes for each class.
    let tables: UnsafePointer<UInt8>
    /// Where each class's ranges begin in `ranges`; one more entry than classes.
    let rangeStarts: UnsafePointer<Int32>
    /// Bounds of ranges of code units, in pairs.
    let ranges: UnsafePointer<UInt16>
    let bytes: UnsafePointer<UInt8>
    let loops: UnsafePointer<RegexLoop>
    let instructionCount: Int
    let slotCount: Int

    init(
        instructions: [RegexInstruction], tables: [UInt8], rangeStarts: [Int32], ranges: [UInt16], bytes: [UInt8],
        loops: [RegexLoop], slotCount: Int
    ) {
        self.instructions = Self.copy(instructions)
        self.tables = Self.copy(tables)
        self.rangeStarts = Self.copy(rangeStarts)
        self.ranges = Self.copy(ranges)
        self.bytes = Self.copy(bytes)
        self.loops = Self.copy(loops)
        instructionCount = instructions.count
        self.slotCount = slotCount
    }

    deinit {
        instructions.deallocate()
        tables.deallocate()
        rangeStarts.deallocate()
        ranges.deallocate()
        bytes.deallocate()
        loops.deallocate()
    }

    private static func copy<Element: BitwiseCopyable>(_ array: [Element]) -> UnsafePointer<Element> {
        let memory = UnsafeMutablePointer<Element>.allocate(capacity: max(array.count, 1))
        array.withUnsafeBufferPointer { source in
            if let base = source.baseAddress { memory.initialize(from: base, count: source.count) }
        }
        return UnsafePointer(memory)
    }
}
