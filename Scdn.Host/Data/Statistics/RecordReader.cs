using System.Data.Common;
using Scdn.Format;
using Scdn.Format.Wire;

namespace Scdn.Host.Data.Statistics;

/// <summary>Reads connection records, the newest first.</summary>
internal sealed class RecordReader(IStoreReader store)
{
    /// <summary>Those that a filter lets through.</summary>
    public Task<IReadOnlyList<StoredRecord>> ListAsync(RecordFilter filter, CancellationToken cancel)
    {
        var (arguments, where) = (new List<object>(), new List<string>());
        if (filter.Content is { } content) Add("content =", content.Value);
        if (filter.Server is { } server) Add("server =", server.Value);
        if (filter.User is { } user) Add("account =", user);
        if (filter.From is { } from) Add("at >=", from.ToUnixTimeMilliseconds());
        if (filter.To is { } to) Add("at <", to.ToUnixTimeMilliseconds());
        if (filter.Before is { } before)
        {
            arguments.Add(before);
            where.Add($"(at, id) < (SELECT at, id FROM records WHERE id = ${arguments.Count})");
        }

        arguments.Add((long)filter.Limit);
        var sql = $"""
            SELECT id, at, server, key, content, part, bytes, milliseconds, status, complete, account, requests FROM records
            {(where.Count > 0 ? $"WHERE {string.Join(" AND ", where)}" : "")} ORDER BY at DESC, id DESC LIMIT ${arguments.Count}
            """;
        return store.QueryAsync(new(sql, arguments), Read, cancel);

        void Add(string comparison, object value)
        {
            arguments.Add(value);
            where.Add($"{comparison} ${arguments.Count}");
        }
    }

    private static StoredRecord Read(DbDataReader reader) => new(
        new(
            reader.GetGuid(0), DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(1)), ServerId.From(reader.GetGuid(2)), IdOf<KeyId>(reader.GetGuid(3)), IdOf<ContentId>(reader.GetGuid(4)),
            IdOf<PartId>(reader.GetGuid(5)), reader.GetInt64(6), reader.GetInt64(7), reader.GetInt32(8), reader.GetBoolean(9), reader.GetInt32(11)),
        reader.GetString(10));

    /// <summary>What there is none of is kept under the id that nothing has.</summary>
    private static TId? IdOf<TId>(Guid stored)
        where TId : struct, IGuidId<TId> => stored == Guid.Empty ? null : TId.From(stored);
}

/// <summary>A record as it is kept.</summary>
/// <param name="Record">What the content server said.</param>
/// <param name="User">The user behind its key; empty: nobody known.</param>
internal sealed record StoredRecord(ConnectionRecord Record, string User);

/// <summary>Which records are asked for; null: whichever.</summary>
/// <param name="Content">Of this content.</param>
/// <param name="Server">Of this server.</param>
/// <param name="User">Of this user.</param>
/// <param name="From">Answered at this instant or later.</param>
/// <param name="To">Answered before this instant.</param>
/// <param name="Before">Those that come after this one in the list: it is the last of the page before.</param>
/// <param name="Limit">At most so many.</param>
internal sealed record RecordFilter(ContentId? Content, ServerId? Server, string? User, DateTimeOffset? From, DateTimeOffset? To, Guid? Before, int Limit);
