// swift-tools-version: 6.2
import PackageDescription

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let configuration: Target.Dependency = .product(name: "Configuration", package: "swift-configuration")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let serviceLifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let systemPackage: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")

let package = Package(
    name: "ordersync",
    products: [
        .executable(name: "ordersyncd", targets: ["ordersyncd"]),
        .executable(name: "ordersync-enqueue", targets: ["ordersync-enqueue"]),
        .executable(name: "ordersync-replay", targets: ["ordersync-replay"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: ["YAML"]),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // The system's C libraries: each is imported by exactly one Swift module.
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CODBC", pkgConfig: "odbc", providers: [.apt(["unixodbc-dev"])]),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .target(name: "CThread"),
        .target(name: "CLogFile", dependencies: ["CSQLite"]),

        // From here on a target imports only targets above it.
        .target(name: "ThreadExecutor", dependencies: ["CThread"]),
        // Only builds for tests obey the points: in a release nothing of them is left.
        .target(name: "CrashPoints", swiftSettings: [.define("CRASH_POINTS", .when(configuration: .debug))]),
        .target(name: "ODBC", dependencies: ["CODBC"]),
        .target(name: "SQLite", dependencies: ["CLogFile", "CSQLite"]),
        .target(name: "HTTPClient", dependencies: ["CCurl"]),
        .target(name: "Orders", dependencies: [crypto, yams]),
        .target(
            name: "Journal",
            dependencies: ["CrashPoints", "Orders", "SQLite", "ThreadExecutor"],
            resources: [.embedInCode("Schema")]
        ),
        .target(
            name: "Warehouse",
            dependencies: ["CrashPoints", "ODBC", "Orders", "ThreadExecutor"],
            resources: [.embedInCode("SQLServer"), .embedInCode("SQLite")]
        ),
        .target(name: "Monday", dependencies: ["CrashPoints", "HTTPClient", "Orders"]),
        // Files of rows that stand in for the source table.
        .target(name: "RowInput"),
        .target(
            name: "SyncEngine",
            dependencies: ["Journal", "Monday", "Orders", "RowInput", "ThreadExecutor", "Warehouse", logging]
        ),
        .target(name: "Systemd", dependencies: ["ThreadExecutor", logging]),
        .target(
            name: "OrdersyncConfiguration",
            dependencies: ["Orders", configuration, systemPackage, yams]
        ),
        // What the three programs share: options, exit status, terminal, and the engine's parts made from the configuration.
        .target(
            name: "ProgramSupport",
            dependencies: [
                "HTTPClient", "Journal", "Monday", "Orders", "OrdersyncConfiguration", "RowInput", "SyncEngine",
                "ThreadExecutor", "Warehouse", argumentParser,
            ]
        ),

        .executableTarget(
            name: "ordersyncd",
            dependencies: [
                "Journal", "OrdersyncConfiguration", "ProgramSupport", "SyncEngine", "Systemd", "Warehouse",
                argumentParser,
                logging, serviceLifecycle, unixSignals,
            ]
        ),
        .executableTarget(
            name: "ordersync-enqueue",
            dependencies: [
                "Journal", "Orders", "OrdersyncConfiguration", "ProgramSupport", "SyncEngine", "Systemd", "Warehouse",
                argumentParser,
                logging,
            ]
        ),
        .executableTarget(
            name: "ordersync-replay",
            dependencies: [
                "Journal", "Orders", "OrdersyncConfiguration", "ProgramSupport", "SyncEngine", argumentParser,
            ]
        ),

        .target(name: "CSpawn", path: "Tests/CSpawn"),
        .target(name: "TestSupport", dependencies: ["CSpawn", "ODBC"], path: "Tests/TestSupport"),
        .testTarget(name: "TestSupportTests", dependencies: ["TestSupport"]),
        .testTarget(name: "ThreadExecutorTests", dependencies: ["ThreadExecutor"]),
        .testTarget(name: "CrashPointsTests", dependencies: ["CrashPoints", "TestSupport"]),
        .testTarget(name: "ODBCTests", dependencies: ["ODBC", "TestSupport"]),
        .testTarget(name: "SQLiteTests", dependencies: ["SQLite", "TestSupport"]),
        .testTarget(
            name: "HTTPClientTests",
            dependencies: ["HTTPClient", "TestSupport"],
            exclude: ["http2.py", "server.py"]
        ),
        .testTarget(name: "OrdersTests", dependencies: ["Orders", "TestSupport"]),
        .testTarget(name: "JournalTests", dependencies: ["CrashPoints", "Journal", "Orders", "SQLite", "TestSupport"]),
        .testTarget(
            name: "WarehouseTests",
            dependencies: ["ODBC", "Orders", "TestSupport", "Warehouse"],
            exclude: ["cutting_proxy.py", "test_tsql.py"]
        ),
        .testTarget(
            name: "MondayTests",
            dependencies: ["HTTPClient", "Monday", "Orders", "TestSupport"],
            exclude: ["Fixtures"]
        ),
        .testTarget(
            name: "SyncEngineTests",
            dependencies: ["Journal", "Monday", "Orders", "SyncEngine", "TestSupport", "Warehouse"]
        ),
        .testTarget(name: "RowInputTests", dependencies: ["RowInput", "TestSupport"]),
        .testTarget(name: "SystemdTests", dependencies: ["Systemd", "TestSupport", logging]),
        .testTarget(
            name: "OrdersyncConfigurationTests",
            dependencies: ["Orders", "OrdersyncConfiguration", "TestSupport"]
        ),
        .testTarget(
            name: "ProgramSupportTests",
            dependencies: [
                "Journal", "Orders", "OrdersyncConfiguration", "ProgramSupport", "SyncEngine", "TestSupport",
            ]
        ),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "CrashPoints", "Journal", "ODBC", "Orders", "SQLite", "SyncEngine", "TestSupport", "Warehouse",
                "ordersyncd", "ordersync-enqueue", "ordersync-replay", yams,
            ]
        ),
    ],
    swiftLanguageModes: [.v6]
)

// The measurements of `make bench`. Everybody else's builds leave them out.
if Context.environment["ORDERSYNC_BENCH"] != nil {
    package.targets.append(
        .executableTarget(
            name: "ordersync-bench",
            dependencies: ["Journal", "Orders", "Warehouse", argumentParser],
            path: "Tests/bench/swift"
        )
    )
}

for target in package.targets where target.type != .system {
    target.swiftSettings =
        (target.swiftSettings ?? []) + [
            .enableUpcomingFeature("ExistentialAny"),
            .enableUpcomingFeature("InternalImportsByDefault"),
            .enableUpcomingFeature("MemberImportVisibility"),
            .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
            .enableUpcomingFeature("InferIsolatedConformances"),
            .enableUpcomingFeature("ImmutableWeakCaptures"),
            .strictMemorySafety(),
            .treatAllWarnings(as: .error),
        ]
}
