/// The `i` flag without `u`: two code units are alike when their upper-case forms are (ECMA-262 §22.2.2.7.3).
///
/// Upper case counts only where it is a single code unit, and never takes a non-ASCII unit into ASCII; so ASCII
/// letters fold among themselves and need none of the tables here.
enum CaseFolding {
    static func canonical(_ unit: UInt16) -> UInt16 {
        if unit < 0x80 { return unit >= 0x61 && unit <= 0x7A ? unit - 0x20 : unit }
        guard let scalar = Unicode.Scalar(UInt32(unit)) else { return unit }
        guard scalar.properties.changesWhenUppercased else { return unit }
        let upper = scalar.properties.uppercaseMapping.utf16
        guard upper.count == 1, let only = upper.first, only >= 0x80 else { return unit }
        return only
    }

    /// Non-ASCII units that share a canonical form with another unit, by that form.
    private static let families: [UInt16: [UInt16]] = {
        var families: [UInt16: [UInt16]] = [:]
        for unit in UInt16(0x80)...0xFFFF {
            let form = canonical(unit)
            if form != unit { families[form, default: [form]].append(unit) }
        }
        return families
    }()

    /// All units that the `i` flag lets `unit` match, `unit` included.
    static func variants(of unit: UInt16) -> [UInt16] {
        if unit < 0x80 {
            let isLetter = (unit | 0x20) >= 0x61 && (unit | 0x20) <= 0x7A
            return isLetter ? [unit, unit ^ 0x20] : [unit]
        }
        return families[canonical(unit)] ?? [unit]
    }

    /// `set` with every case variant of its members.
    static func closure(of set: CodeUnitSet) -> CodeUnitSet {
        var ranges = set.ranges
        for unit in UInt16(0x41)...0x5A where set.contains(unit) || set.contains(unit | 0x20) {
            ranges += [unit...unit, (unit | 0x20)...(unit | 0x20)]
        }
        // The whole of the non-ASCII part is closed under folding, and so is nothing: both skip the table.
        if set.intersects(0x80...0xFFFF), !set.covers(0x80...0xFFFF) {
            for (form, family) in families {
                let members = family.contains(form) ? family : family + [form]
                if members.contains(where: set.contains) { ranges += members.map { $0...$0 } }
            }
        }
        return CodeUnitSet(ranges)
    }
}
