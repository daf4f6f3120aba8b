using Scdn.Client.Connections;
using Scdn.Client.Scheduling;
using Scdn.Format;

namespace Scdn.Client.Sources;

/// <summary>
/// The parts of one content as its servers have them, for whoever wants all of them and plays nothing: each read is one request. What comes is checked against the header before
/// it is handed on; a server that fails or lies is left, and another one asked for the same, until none has given anything for <see cref="NetworkOptions.GiveUpAfter"/>. Only a few
/// lists of hashes are kept. Thread-safe.
/// </summary>
public sealed class ServedParts : IPartReader, IAsyncDisposable
{
    /// <summary>A server that sends nothing for as long is dead.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(10);

    /// <summary>How soon is looked again, when no server can be asked just now.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Reading comes back to the same few parts: one list has 512 KiB at the most.</summary>
    private const int MostLists = 64;

    private readonly Lock _gate = new();
    private readonly PlayGrant _grant;
    private readonly NetworkOptions _options;
    private readonly ServerBoard _servers;
    private readonly AccessRenewal _renewal;
    private readonly PlaceKeeper _place;
    private readonly SemaphoreSlim _sockets;
    private readonly PinnedClients _http = PartExchange.NewClients();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Dictionary<PartId, HashList> _lists = [];
    private readonly Queue<PartId> _listsByAge = [];
    private readonly long _startedAt;
    private Task _renewing = Task.CompletedTask;
    private ScdnException? _refusal;
    private TimeSpan _lastGood;

    /// <summary>Nothing is fetched yet.</summary>
    /// <param name="grant">What the site granted.</param>
    /// <param name="options">Sockets, mirrors, patience and clock; the rest is for players.</param>
    public ServedParts(PlayGrant grant, NetworkOptions options)
    {
        (_grant, _options) = (grant, options);
        _servers = new(grant.Access.Servers, options.Mirrors, grant.Access.Mirrors);
        _renewal = new(grant.Access, grant.RenewAsync, options.Time, Random.Shared);
        _sockets = new(options.Sockets);
        _startedAt = options.Time.GetTimestamp();
        _place = new(grant.Place, options.Time, OnPlaceLost);
    }

    private TimeSpan Now => _options.Time.GetElapsedTime(_startedAt);

    /// <summary>Fills the buffer with whole stored segments, or with bytes of the list of hashes: as they were published.</summary>
    /// <exception cref="NetworkException">No server gives them.</exception>
    /// <exception cref="Sessions.SiteException">The servers don't take the authentication key any more, and the site gives no other; or another stream has this one's place.</exception>
    /// <inheritdoc/>
    public async ValueTask ReadAsync(PartId part, long storedOffset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (!_grant.Header.TryGetPart(part, out var published)) throw new PartException(part, $"Part {part} is not one of content {_grant.Header.Content}.", transient: false);
        var list = await HashListAsync(published, cancellationToken);
        var within = storedOffset - published.Layout.HashList.Offset;
        if (within >= 0) list.Bytes.AsMemory((int)within, buffer.Length).CopyTo(buffer);
        else await FetchAsync(published, new(storedOffset, buffer.Length), buffer, bytes => AreIntact(list.Verifier, storedOffset, bytes), cancellationToken);
    }

    /// <summary>Stops what is under way.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _place.DisposeAsync();
        await _renewing;
        _http.Dispose();
        _stopping.Dispose();
        _sockets.Dispose();
    }

    private static bool AreIntact(PartVerifier verifier, long storedOffset, ReadOnlySpan<byte> bytes)
    {
        var segment = (int)(storedOffset / verifier.Layout.StoredSegmentSize);
        if (verifier.Layout.StoredSegment(segment).Offset != storedOffset) throw new ArgumentException("Read whole segments.", nameof(storedOffset));
        for (; !bytes.IsEmpty; segment++)
        {
            var length = (int)verifier.Layout.StoredSegment(segment).Length;
            if (!verifier.IsIntact(segment, bytes[..length])) return false;
            bytes = bytes[length..];
        }

        return true;
    }

    private async Task<HashList> HashListAsync(PublicPart part, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_lists.TryGetValue(part.Id, out var known)) return known;
        }

        var bytes = new byte[part.Layout.HashList.Length];
        PartVerifier? verifier = null;
        await FetchAsync(part, part.Layout.HashList, bytes, _ => PartVerifier.TryCreate(part, bytes, out verifier), cancellationToken);
        var list = new HashList(bytes, verifier!);
        lock (_gate)
        {
            if (!_lists.TryAdd(part.Id, list)) return list;
            _listsByAge.Enqueue(part.Id);
            if (_listsByAge.Count > MostLists) _lists.Remove(_listsByAge.Dequeue());
        }

        return list;
    }

    private async Task FetchAsync(PublicPart part, ByteRange range, Memory<byte> output, IsIntact isIntact, CancellationToken cancellationToken)
    {
        await _sockets.WaitAsync(cancellationToken);
        try
        {
            lock (_gate)
            {
                if (_refusal is not null) throw _refusal;
            }

            (ServerEntry Server, ServerFault Fault)? last = null;
            for (var began = Now; ; ThrowIfHopeless(part.Id, began, last))
            {
                if (TryChoose(range.Length) is not { } server)
                {
                    await Task.Delay(Pause, _options.Time, cancellationToken);
                    continue;
                }

                if (await FetchAsync(server, part, range, output, isIntact, cancellationToken) is not { } fault) return;
                last = (server, fault);
            }
        }
        finally
        {
            _sockets.Release();
        }
    }

    /// <summary>Fetches from one server, and takes note of how it went.</summary>
    private async Task<ServerFault?> FetchAsync(ServerEntry server, PublicPart part, ByteRange range, Memory<byte> output, IsIntact isIntact, CancellationToken cancellationToken)
    {
        var (asked, answered, received) = (Now, Now, 0);
        ServerFault? fault = ServerFault.Lost;
        using var silence = new CancellationTokenSource(Idle, _options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        try
        {
            using var answer = await PartExchange.AskAsync(_http, server, _renewal.AuthenticationKey, part.Id, range, either.Token);
            answered = Now;
            fault = PartExchange.FaultOf(server, answer, range, part.StoredLength);
            if (fault is not null) return fault;
            await using var body = await answer.Content.ReadAsStreamAsync(either.Token);
            while (received < output.Length)
            {
                var read = await body.ReadAsync(output[received..], either.Token);
                if (read == 0) return fault = ServerFault.Lost;
                silence.CancelAfter(Idle);
                received += read;
                lock (_gate) server.InFlightBytes -= read;
            }

            return fault = isIntact(output.Span) ? null : ServerFault.Corrupt;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return fault = ServerFault.Silent;
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return fault = ServerFault.Lost;
        }
        finally
        {
            lock (_gate) Ended(server, fault, range.Length, received, asked, answered, cancellationToken.IsCancellationRequested);
        }
    }

    private ServerEntry? TryChoose(long bytes)
    {
        lock (_gate)
        {
            // As what nobody waits for, so that a server which failed is tried again; when all have enough to do, the one that will have done it first.
            if (!_servers.TryChoose(Now, bytes, PieceReason.ReadAhead, AheadSizes.MostProducts, [], out var server) && !_servers.TryChoose(Now, bytes, PieceReason.Demand, AheadSizes.MostProducts, [], out server)) return null;
            server.InFlight++;
            server.InFlightBytes += bytes;
            return server;
        }
    }

    private void Ended(ServerEntry server, ServerFault? fault, long bytes, int received, TimeSpan asked, TimeSpan answered, bool givenUp)
    {
        var concurrent = server.InFlight--;
        server.InFlightBytes -= bytes - received;
        if (givenUp) return;
        if (fault is { } failed)
        {
            if (failed is ServerFault.Refused) _renewal.Refused();
            _servers.Failed(server, failed, Now);
        }
        else
        {
            _lastGood = Now;
            server.RoundTrip.Measured(answered - asked);
            server.Delivered(bytes, asked, Now - answered, concurrent);
        }

        if (_renewal.TryBegin(Now, _servers.IsExhausted)) _renewing = RenewAsync();
    }

    private async Task RenewAsync()
    {
        var (access, refusal) = await _renewal.RunAsync(_stopping.Token);
        lock (_gate)
        {
            _renewal.Ended(Now, access, _servers.IsCarriedByMirror);
            if (_servers.IsExhausted) _refusal ??= refusal;
            if (access is null) return;
            _servers.Rank(access.Servers, access.Mirrors);
            _servers.ForgiveRefusals();
        }
    }

    private void OnPlaceLost(ScdnException refusal)
    {
        lock (_gate) _refusal = refusal;
    }

    private void ThrowIfHopeless(PartId part, TimeSpan began, (ServerEntry Server, ServerFault Fault)? last)
    {
        lock (_gate)
        {
            if (_refusal is not null) throw _refusal;
            if (_options.GiveUpAfter == Timeout.InfiniteTimeSpan || Now - (began > _lastGood ? began : _lastGood) < _options.GiveUpAfter) return;
        }

        var why = last is { } failed ? $" (the last one, {failed.Server.Server.Name}, {Word(failed.Fault)})" : "";
        throw new NetworkException(
            $"No content server has given part {part} of content {_grant.Header.Content} for {_options.GiveUpAfter.TotalSeconds:0} seconds{why}: check the network and the servers, then try again.",
            isTransient: true);
    }

    private static string Word(ServerFault fault) => fault switch
    {
        ServerFault.Silent => "was silent",
        ServerFault.Busy => "was overloaded",
        ServerFault.Missing => "does not have it as published",
        ServerFault.Refused => "did not take the authentication key",
        ServerFault.Corrupt => "sent it damaged",
        _ => "could not be reached or broke off",
    };

    private delegate bool IsIntact(ReadOnlySpan<byte> bytes);

    private sealed record HashList(byte[] Bytes, PartVerifier Verifier);
}
