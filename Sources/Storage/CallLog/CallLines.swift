/// Calls as text: a line each, its fields in one order with tabs between, as in the text format of PostgreSQL's `COPY`.
///
/// `\N` is a field without a value; `\\`, `\t`, `\n` and `\0` are the characters that a field cannot hold as they are.
/// A later version may add fields at the end of a line. Those that are missing have no value.
struct CallLines: Sendable, Hashable {
    let text: String

    init(text: String) { self.text = text }

    init(_ calls: [CallRecord]) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(calls.count * 256)
        for call in calls { Self.write(call, to: &bytes) }
        text = String(decoding: bytes, as: UTF8.self)
    }

    /// The calls that meet a condition, in their order.
    ///
    /// - Throws: `.corrupt`.
    func calls(_ condition: CallCondition) throws(StorageError) -> [CallRecord] {
        var calls: [CallRecord] = []
        guard condition.mayBeMet(in: text) else { return calls }
        for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
            var fields = Fields(line)
            let call = try CallRecord(&fields)
            if condition.isMet(by: call) { calls.append(call) }
        }
        return calls
    }

    /// A field as it is written.
    static func escaped(_ value: String) -> [UInt8] {
        var bytes: [UInt8] = []
        write(value, to: &bytes)
        return bytes
    }

    private static func write(_ call: CallRecord, to bytes: inout [UInt8]) {
        func text(_ value: String?) {
            if let value { write(value, to: &bytes) } else { bytes += [UInt8(ascii: "\\"), UInt8(ascii: "N")] }
            bytes.append(UInt8(ascii: "\t"))
        }
        func number(_ value: Int64?) { text(value.map { String($0) }) }
        number(call.createdAt.millisecondsSinceEpoch)
        text(call.id)
        text(call.environmentID)
        text(call.type)
        text(call.requestID)
        text(call.traceID)
        text(call.httpMethod)
        text(call.route)
        text(call.host)
        text(call.resource)
        text(call.method)
        text(call.integration)
        text(call.accountID)
        number(call.status)
        text(call.code)
        number(call.durationMS)
        number(call.providerMS)
        number(call.bytesIn)
        number(call.bytesOut)
        number(call.retries)
        bytes[bytes.count - 1] = UInt8(ascii: "\n")
    }

    private static func write(_ value: String, to bytes: inout [UInt8]) {
        var value = value
        value.withUTF8 { utf8 in
            guard utf8.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "\\") }) else { return bytes.append(contentsOf: utf8) }
            for byte in utf8 {
                switch byte {
                case UInt8(ascii: "\\"): bytes += [byte, byte]
                case UInt8(ascii: "\t"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "t")]
                case UInt8(ascii: "\n"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
                case 0: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "0")]
                default: bytes.append(byte)
                }
            }
        }
    }

    /// The fields of a line, read from left to right.
    struct Fields {
        private var rest: Substring.UTF8View?

        init(_ line: Substring.UTF8View) { rest = line }

        mutating func text() throws(StorageError) -> String? {
            guard let line = rest else { return nil }
            let end = line.firstIndex(of: UInt8(ascii: "\t"))
            rest = end.map { line[line.index(after: $0)...] }
            let field = line[..<(end ?? line.endIndex)]
            guard field.contains(UInt8(ascii: "\\")) else { return String(Substring(field)) }
            if field.elementsEqual("\\N".utf8) { return nil }
            var (bytes, isEscaped): ([UInt8], Bool) = ([], false)
            for byte in field {
                guard isEscaped else {
                    isEscaped = byte == UInt8(ascii: "\\")
                    if !isEscaped { bytes.append(byte) }
                    continue
                }
                isEscaped = false
                switch byte {
                case UInt8(ascii: "\\"): bytes.append(byte)
                case UInt8(ascii: "t"): bytes.append(UInt8(ascii: "\t"))
                case UInt8(ascii: "n"): bytes.append(UInt8(ascii: "\n"))
                case UInt8(ascii: "0"): bytes.append(0)
                default: throw .corrupt("a row of the log of calls has an unknown escape")
                }
            }
            return String(decoding: bytes, as: UTF8.self)
        }

        mutating func requiredText() throws(StorageError) -> String {
            guard let text = try text() else { throw .corrupt("a row of the log of calls lacks a field") }
            return text
        }

        mutating func number() throws(StorageError) -> Int64? {
            guard let text = try text() else { return nil }
            guard let number = Int64(text) else { throw .corrupt("a row of the log of calls has a number that is none") }
            return number
        }

        mutating func requiredNumber() throws(StorageError) -> Int64 {
            guard let number = try number() else { throw .corrupt("a row of the log of calls lacks a number") }
            return number
        }
    }
}

extension CallRecord {
    fileprivate convenience init(_ fields: inout CallLines.Fields) throws(StorageError) {
        self.init(
            createdAt: Timestamp(millisecondsSinceEpoch: try fields.requiredNumber()), id: try fields.requiredText(),
            environmentID: try fields.requiredText(), type: try fields.requiredText(), requestID: try fields.text(),
            traceID: try fields.text(), httpMethod: try fields.requiredText(), route: try fields.text(), host: try fields.text(),
            resource: try fields.text(), method: try fields.text(), integration: try fields.text(), accountID: try fields.text(),
            status: try fields.number(), code: try fields.requiredText(), durationMS: try fields.requiredNumber(),
            providerMS: try fields.number(), bytesIn: try fields.requiredNumber(), bytesOut: try fields.requiredNumber(),
            retries: try fields.requiredNumber())
    }
}
