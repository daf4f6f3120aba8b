using System.Net.Sockets;
using Npgsql;

namespace Scdn.Host.Data.Postgres;

/// <summary>What PostgreSQL, or the way to it, says, as a sentence about the store.</summary>
internal static class PostgresFault
{
    private const string IdleInTransactionTimeout = "25P03";

    /// <summary>Whether the same may go well in a moment, perhaps at another server.</summary>
    public static bool IsTransient(Exception fault) => fault switch
    {
        NoPrimaryException => true,
        PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } => true,
        PostgresException told => told.IsTransient || told.SqlState is PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown
            or PostgresErrorCodes.CannotConnectNow or IdleInTransactionTimeout,
        NpgsqlException broken => broken.IsTransient || broken.InnerException is IOException or SocketException or TimeoutException or ObjectDisposedException or EndOfStreamException,
        SocketException or TimeoutException or IOException => true,
        _ => false,
    };

    /// <summary>Whether it may be that the server is gone, or is no primary any more: not when transactions clashed, or all connections to it are in use.</summary>
    public static bool IsOfServer(Exception fault) => fault switch
    {
        PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.QueryCanceled } => false,
        NpgsqlException { InnerException: TimeoutException } busy when busy.Message.Contains("pool", StringComparison.Ordinal) => false,
        _ => IsTransient(fault),
    };

    public static StoreException Of(Exception fault, PostgresAddress address) => fault switch
    {
        StoreException known => known,
        NoPrimaryException none => new($"The store {address} can't be reached: {none.Message}.", isTransient: true, none),
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } refused =>
            new($"The store {address} refused the role ({refused.MessageText}): put its password into the variable PGPASSWORD or the file ~/.pgpass.", isTransient: false, refused),
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } missing => new($"The store {address} is not there ({missing.MessageText}): make the database first, with 'createdb'.", isTransient: false, missing),
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } denied =>
            new($"The store {address} can't be used ({denied.MessageText}): let the role make a schema in the database, with 'GRANT CREATE ON DATABASE'.", isTransient: false, denied),
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } full => new($"The store {address} can't be written: its disk is full; make room there.", isTransient: true, full),
        PostgresException { SqlState: PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter } text =>
            new($"The store {address} can't keep a text: {text.MessageText}.", isTransient: false, text) { IsOfRequest = true },
        PostgresException told => new($"The store {address} failed: {told.MessageText} ({told.SqlState}).", IsTransient(told), told),
        _ => new($"The store {address} can't be reached: {(fault.InnerException ?? fault).Message.TrimEnd('.')}.", IsTransient(fault), fault),
    };
}

/// <summary>No server takes writes now: the message says what each said, without a full stop.</summary>
internal sealed class NoPrimaryException(string message, Exception? inner = null) : Exception(message, inner);
