import NIOCore

/// Which job runs next: environments take turns, and within one its accounts do. Pure.
///
/// One account runs one job at a time, and one environment at most `perEnvironment`, so that no tenant can take all
/// threads from the others however many jobs it brings.
struct FairQueue<Job> {
    /// Whose job it is.
    struct Owner: Hashable, Sendable {
        var environment: String
        var account: String
    }

    private struct Environment {
        var running = 0
        /// Accounts that have jobs, in the order of their turns.
        var turns = CircularBuffer<String>()
        var accounts: [String: Account] = [:]
    }

    private struct Account {
        var isRunning = false
        var jobs = CircularBuffer<Job>()
    }

    private let perEnvironment: Int
    /// Environments that have jobs, in the order of their turns.
    private var turns = CircularBuffer<String>()
    private var environments: [String: Environment] = [:]

    init(perEnvironment: Int) { self.perEnvironment = perEnvironment }

    mutating func add(_ job: Job, of owner: Owner) {
        if environments[owner.environment] == nil { environments[owner.environment] = Environment() }
        if environments[owner.environment]?.turns.isEmpty == true { turns.append(owner.environment) }
        let isFirst = environments[owner.environment]?.accounts[owner.account]?.jobs.isEmpty ?? true
        if isFirst { environments[owner.environment]?.turns.append(owner.account) }
        environments[owner.environment]?.accounts[owner.account, default: Account()].jobs.append(job)
    }

    /// Takes the next job that may run; `finished` has to follow.
    mutating func next() -> (job: Job, owner: Owner)? {
        for (at, name) in turns.enumerated() {
            guard let environment = environments[name], environment.running < perEnvironment,
                let place = environment.turns.firstIndex(where: { environment.accounts[$0]?.isRunning == false })
            else { continue }
            turns.remove(at: turns.index(turns.startIndex, offsetBy: at))
            return take(name, place)
        }
        return nil
    }

    private mutating func take(_ name: String, _ place: CircularBuffer<String>.Index) -> (job: Job, owner: Owner)? {
        guard let account = environments[name]?.turns.remove(at: place),
            let job = environments[name]?.accounts[account]?.jobs.popFirst()
        else { return nil }
        environments[name]?.running += 1
        environments[name]?.accounts[account]?.isRunning = true
        if environments[name]?.accounts[account]?.jobs.isEmpty == false { environments[name]?.turns.append(account) }
        if environments[name]?.turns.isEmpty == false { turns.append(name) }
        return (job, Owner(environment: name, account: account))
    }

    /// The job that `next` gave for this owner has ended.
    mutating func finished(_ owner: Owner) {
        environments[owner.environment]?.running -= 1
        environments[owner.environment]?.accounts[owner.account]?.isRunning = false
        if environments[owner.environment]?.accounts[owner.account]?.jobs.isEmpty == true {
            environments[owner.environment]?.accounts[owner.account] = nil
        }
        if environments[owner.environment]?.accounts.isEmpty == true { environments[owner.environment] = nil }
    }
}
