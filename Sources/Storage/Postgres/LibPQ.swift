#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// PostgreSQL's client library, opened when a PostgreSQL is first asked for.
///
/// A gateway on SQLite needs no libpq on its machine, and does not carry the twenty libraries that libpq brings along.
/// Functions and numbers as in `libpq-fe.h`, whose interface has kept the version 5 since PostgreSQL 8.2.
struct LibPQ: Sendable {
    typealias Text = UnsafePointer<CChar>
    typealias Texts = UnsafePointer<UnsafePointer<CChar>?>
    typealias Handle = OpaquePointer
    /// The number of a type, as `pg_type` has it.
    typealias OID = UInt32

    static let connectionOK: Int32 = 0
    /// PGRES_EMPTY_QUERY, PGRES_COMMAND_OK, PGRES_TUPLES_OK.
    static let successes: ClosedRange<Int32> = 0...2

    let connect: @convention(c) @Sendable (Texts, Texts, Int32) -> Handle?
    let finish: @convention(c) @Sendable (Handle) -> Void
    /// What takes the server's notices; without one the library writes them to standard error, between our own lines.
    typealias NoticeReader = @convention(c) (UnsafeMutableRawPointer?, Text?) -> Void
    let readNotices: @convention(c) @Sendable (Handle, NoticeReader?, UnsafeMutableRawPointer?) -> NoticeReader?
    let status: @convention(c) @Sendable (Handle) -> Int32
    let errorMessage: @convention(c) @Sendable (Handle) -> Text?
    let parseAddress: @convention(c) @Sendable (Text, UnsafeMutablePointer<UnsafeMutableRawPointer?>) -> Handle?
    let freeAddress: @convention(c) @Sendable (Handle) -> Void
    let free: @convention(c) @Sendable (UnsafeMutableRawPointer?) -> Void
    let execute: @convention(c) @Sendable (Handle, Text) -> Handle?
    let executeWithValues:
        @convention(c) @Sendable (
            Handle, Text, Int32, UnsafePointer<OID>?, Texts?, UnsafePointer<Int32>?, UnsafePointer<Int32>?, Int32
        ) -> Handle?
    let clear: @convention(c) @Sendable (Handle) -> Void
    let resultStatus: @convention(c) @Sendable (Handle) -> Int32
    let resultErrorMessage: @convention(c) @Sendable (Handle) -> Text?
    let resultErrorField: @convention(c) @Sendable (Handle, Int32) -> Text?
    let commandTag: @convention(c) @Sendable (Handle) -> Text?
    let affectedRows: @convention(c) @Sendable (Handle) -> Text?
    let columns: @convention(c) @Sendable (Handle) -> Int32
    let rows: @convention(c) @Sendable (Handle) -> Int32
    let type: @convention(c) @Sendable (Handle, Int32) -> OID
    let isNull: @convention(c) @Sendable (Handle, Int32, Int32) -> Int32
    let value: @convention(c) @Sendable (Handle, Int32, Int32) -> Text?

    /// nil where the machine has none.
    static let shared = LibPQ(names)

    /// - Throws: `StorageError.unsupported`, saying what to install.
    static func required() throws(StorageError) -> LibPQ {
        guard let shared else {
            throw .unsupported(
                "PostgreSQL needs its client library, libpq, and there is none: apt-get install libpq5, or brew install libpq")
        }
        return shared
    }

    #if canImport(Darwin)
        private static let names = [
            "libpq.5.dylib", "/opt/homebrew/opt/libpq/lib/libpq.5.dylib", "/usr/local/opt/libpq/lib/libpq.5.dylib",
        ]
    #else
        private static let names = ["libpq.so.5"]
    #endif

    private init?(_ names: [String]) {
        guard let library = names.lazy.compactMap({ dlopen($0, RTLD_NOW | RTLD_LOCAL) }).first else { return nil }
        func function<F>(_ name: String) throws(Missing) -> F {
            guard let symbol = dlsym(library, "PQ" + name) else { throw Missing() }
            return unsafeBitCast(symbol, to: F.self)
        }
        do {
            connect = try function("connectdbParams")
            finish = try function("finish")
            readNotices = try function("setNoticeProcessor")
            status = try function("status")
            errorMessage = try function("errorMessage")
            parseAddress = try function("conninfoParse")
            freeAddress = try function("conninfoFree")
            free = try function("freemem")
            execute = try function("exec")
            executeWithValues = try function("execParams")
            clear = try function("clear")
            resultStatus = try function("resultStatus")
            resultErrorMessage = try function("resultErrorMessage")
            resultErrorField = try function("resultErrorField")
            commandTag = try function("cmdStatus")
            affectedRows = try function("cmdTuples")
            columns = try function("nfields")
            rows = try function("ntuples")
            type = try function("ftype")
            isNull = try function("getisnull")
            value = try function("getvalue")
        } catch {
            return nil
        }
    }

    /// A library of that name without a function that libpq has had since PostgreSQL 9.0.
    private struct Missing: Error {}
}
