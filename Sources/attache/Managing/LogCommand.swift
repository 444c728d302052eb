import Accounts
import ArgumentParser
import Catalog
import JSON
import Storage

/// `attache log`: the calls to the gateway and to providers.
struct LogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "Show calls to the gateway and to providers.",
        discussion: "Shows the newest calls, in the order of time, of every environment unless one is named."
    )

    @Flag(help: "Goes on with calls as they come, until it is interrupted.")
    var follow = false

    @Option(help: ArgumentHelp("Only of this integrated account.", valueName: "ID"))
    var account: String?

    @Option(help: ArgumentHelp("Only of this status, such as 422, or of a class of them, such as 5xx.", valueName: "STATUS"))
    var status: String?

    @Option(help: ArgumentHelp("Only of this integration.", valueName: "NAME"))
    var integration: String?

    @Option(help: ArgumentHelp("Only what belongs to this request.", valueName: "ID"))
    var request: String?

    @Option(help: ArgumentHelp("Only unified_proxy_api, platform, provider or webhook.", valueName: "TYPE"))
    var type: String?

    @Option(help: ArgumentHelp("Only of this environment: its name or id.", valueName: "NAME"))
    var environment: String?

    @Flag(help: "With each failed call, what it exchanged with the provider, where that was kept (log.keep_failures).")
    var exchanges = false

    @Option(help: "How many calls to show first, at most 100.")
    var limit = 50

    @Flag(help: "Prints one JSON object a line.")
    var json = false

    @OptionGroup var catalog: CatalogOptions
    @OptionGroup var database: DatabaseOptions

    func validate() throws {
        guard (1...CallLogService.largestPage).contains(limit) else {
            throw ValidationError("--limit is a number from 1 to \(CallLogService.largestPage)")
        }
        if let type, !CallRecord.types.contains(type) {
            throw ValidationError(
                "--type '\(type)' is none of \(CallRecord.types.joined(separator: ", "))"
                    + DidYouMean.hint(type, among: CallRecord.types))
        }
        _ = try filters()
    }

    func run() async throws {
        let open = try await database.open()
        var id: String?
        if let environment {
            id = try await open.accounts.environments.list().result.one(environment, in: open.place).id
        }
        let (log, filters) = (open.accounts.callLog, try filters())
        let latest = try await log.latest(filters, environment: id, limit: limit).result.reversed()
        for call in latest { try await show(call, open.accounts) }
        if latest.isEmpty { try await requireKnown(open, environment: id) }
        guard follow else { return }
        var tail = LogTail(after: latest.last?.createdAt ?? log.now, shown: latest.map(\.id))
        while true {
            try await Task.sleep(for: .milliseconds(500))
            var from = tail.since
            while true {
                let page = try await log.calls(since: from, filters, environment: id, limit: Self.page)
                for call in tail.new(page) { try await show(call, open.accounts) }
                guard page.count == Self.page, let last = page.last?.createdAt, last > from else { break }
                from = last
            }
        }
    }

    /// Nothing was found: where that is because of a slip, it is said. Accounts and definitions that are gone still have rows.
    private func requireKnown(_ open: OpenDatabase, environment: String?) async throws {
        func hasRows(_ field: CallField, _ value: String) async throws -> Bool {
            let filter = Filter(field, .eq, [value])
            return try await !open.accounts.callLog.latest([filter], environment: environment, limit: 1).result.isEmpty
        }
        if let account, try await !hasRows(.accountID, account) {
            try await open.accounts.requireAccount(account, environment: environment)
        }
        if let integration, try await !hasRows(.integration, integration) {
            _ = try catalog.open(try database.settings()).definition(integration)
        }
    }

    /// Calls of one look into the database while following.
    private static let page = 1000

    func filters() throws -> [Filter<CallField>] {
        var filters = try status.map(Self.statusFilters) ?? []
        if let account { filters.append(Filter(.accountID, .eq, [account])) }
        if let integration { filters.append(Filter(.integration, .eq, [integration])) }
        if let request { filters.append(Filter(.requestID, .eq, [request])) }
        if let type { filters.append(Filter(.type, .eq, [type])) }
        return filters
    }

    static func statusFilters(_ text: String) throws -> [Filter<CallField>] {
        if let number = Int(text), (100...599).contains(number) { return [Filter(.status, .eq, [text])] }
        guard text.count == 3, text.lowercased().hasSuffix("xx"), let digit = text.first?.wholeNumberValue,
            (1...5).contains(digit)
        else { throw ValidationError("--status is a status such as 422, or a class such as 5xx") }
        return [Filter(.status, .gte, ["\(digit * 100)"]), Filter(.status, .lt, ["\((digit + 1) * 100)"])]
    }

    private func show(_ call: CallRecord, _ accounts: AccountServices) async throws {
        var record = call.json
        if exchanges, let exchange = try await accounts.failedExchanges.find(call.id, environment: call.environmentID) {
            record["exchange"] = .object(exchange)
        }
        if json { return Console.out(JSONValue.object(record).text()) }
        Console.out(call.line)
        if let exchange = record["exchange"] { Console.out(exchange.text()) }
    }
}

extension CallRecord {
    /// One line for people: when, what, how it ended, how long it took.
    var line: String {
        let what = [host.map { "→ \($0)" } ?? route ?? "", resource, method].compactMap { $0 }.joined(separator: " ")
        let end = "\(status.map(String.init) ?? "-") \(code) \(durationMS) ms"
        let who = [integration, accountID, requestID].compactMap { $0 }.joined(separator: " ")
        return "\(createdAt.text)  \(httpMethod) \(what)  \(end)  \(who)"
    }
}
