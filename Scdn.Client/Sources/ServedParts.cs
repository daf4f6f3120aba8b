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

    /// <summary>How many bandwidth-delay products are on their way: enough for a full line with requests that wait for one another, and what is lost when this program is killed.</summary>
    private const double Products = 2;

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
    private TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
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
    public ValueTask ReadAsync(PartId part, long storedOffset, Memory<byte> buffer, CancellationToken cancellationToken) => ReadAsync(part, storedOffset, buffer, here: 0, arrived: null, cancellationToken);

    /// <summary>The same, of a buffer that begins with what came before and was not checked; what comes is told of at once, before it is checked.</summary>
    /// <param name="part">Which part.</param>
    /// <param name="storedOffset">Where in the stored part.</param>
    /// <param name="buffer">Filled to its end.</param>
    /// <param name="here">So many bytes of it are here.</param>
    /// <param name="arrived">Told of each run of bytes, by its place in the buffer; those of a segment that turns out to be damaged come again. Null when nobody asks.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal async ValueTask ReadAsync(PartId part, long storedOffset, Memory<byte> buffer, int here, Func<int, ReadOnlyMemory<byte>, ValueTask>? arrived, CancellationToken cancellationToken)
    {
        if (!_grant.Header.TryGetPart(part, out var published)) throw new PartException(part, $"Part {part} is not one of content {_grant.Header.Content}.", transient: false);
        var list = await HashListAsync(published, cancellationToken);
        var within = storedOffset - published.Layout.HashList.Offset;
        if (within >= 0) list.Bytes.AsMemory((int)within, buffer.Length).CopyTo(buffer);
        else await FetchAsync(published, new(storedOffset, buffer, published.Layout.StoredSegmentSize, (at, bytes) => IntactOf(list.Verifier, storedOffset + at, bytes), here) { Arrived = arrived }, cancellationToken);
    }

    /// <summary>What segments of a part are checked by.</summary>
    internal async Task<PartVerifier> VerifierAsync(PublicPart part, CancellationToken cancellationToken) => (await HashListAsync(part, cancellationToken)).Verifier;

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

    // Of bytes from the beginning of a segment on: those of whole segments.
    private static int? IntactOf(PartVerifier verifier, long storedOffset, ReadOnlySpan<byte> bytes)
    {
        var segment = (int)(storedOffset / verifier.Layout.StoredSegmentSize);
        if (verifier.Layout.StoredSegment(segment).Offset != storedOffset) throw new ArgumentException("Read whole segments.", nameof(storedOffset));
        var intact = 0;
        for (; segment < verifier.Layout.SegmentCount && verifier.Layout.StoredSegment(segment).Length is var length && intact + length <= bytes.Length; segment++)
        {
            if (!verifier.IsIntact(segment, bytes.Slice(intact, (int)length))) return null;
            intact += (int)length;
        }

        return intact;
    }

    private async Task<HashList> HashListAsync(PublicPart part, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_lists.TryGetValue(part.Id, out var known)) return known;
        }

        var bytes = new byte[part.Layout.HashList.Length];
        PartVerifier? verifier = null;
        var list = new PartIntake(part.Layout.HashList.Offset, bytes, bytes.Length, (_, come) => come.Length < bytes.Length ? 0 : PartVerifier.TryCreate(part, bytes, out verifier) ? bytes.Length : null);
        await FetchAsync(part, list, cancellationToken);
        var checkedList = new HashList(bytes, verifier!);
        lock (_gate)
        {
            if (!_lists.TryAdd(part.Id, checkedList)) return checkedList;
            _listsByAge.Enqueue(part.Id);
            if (_listsByAge.Count > MostLists) _lists.Remove(_listsByAge.Dequeue());
        }

        return checkedList;
    }

    private async Task FetchAsync(PublicPart part, PartIntake intake, CancellationToken cancellationToken)
    {
        await _sockets.WaitAsync(cancellationToken);
        try
        {
            lock (_gate)
            {
                if (_refusal is not null) throw _refusal;
            }

            (ServerEntry Server, ServerFault Fault)? last = null;
            for (var began = Now; !intake.IsWhole; ThrowIfHopeless(part.Id, began, last))
            {
                if (TryChoose(part, intake, out var range) is not { } server)
                {
                    await WaitAsync(cancellationToken);
                    continue;
                }

                if (await FetchAsync(server, part, intake, range, cancellationToken) is { } fault) last = (server, fault);
            }
        }
        finally
        {
            _sockets.Release();
        }
    }

    /// <summary>Fetches from one server some of what is missing, and takes note of how it went.</summary>
    private async Task<ServerFault?> FetchAsync(ServerEntry server, PublicPart part, PartIntake intake, ByteRange range, CancellationToken cancellationToken)
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
            while (received < range.Length)
            {
                var read = await body.ReadAsync(intake.Free[..(int)(range.Length - received)], either.Token);
                if (read == 0) return fault = ServerFault.Lost;
                received += read;
                lock (_gate) Received(server, read);
                // From here on it is we who are slow, not the server.
                silence.CancelAfter(Timeout.InfiniteTimeSpan);
                switch (await intake.TakeAsync(read))
                {
                    case IntakeResult.Damaged: return fault = ServerFault.Corrupt;
                    // What came before was not as published: all of the segment is asked for.
                    case IntakeResult.DamagedBefore: return fault = null;
                }

                silence.CancelAfter(Idle);
            }

            return fault = null;
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
            // What another server would go on with has been checked.
            intake.Settle();
            lock (_gate) Ended(server, fault, range.Length, received, asked, answered, cancellationToken.IsCancellationRequested);
        }
    }

    private ServerEntry? TryChoose(PublicPart part, PartIntake intake, out ByteRange range)
    {
        lock (_gate)
        {
            range = default;
            // As what nobody waits for, so that a server which failed is tried again.
            if (!_servers.TryChoose(Now, part.Layout.StoredSegmentSize, PieceReason.ReadAhead, Products, [], out var server)) return null;
            var segments = AheadSizes.Segments(server.OnTheWay(Products), server.InFlightBytes, intake.Missing, _options.Sockets, _servers.InUse);
            range = intake.Next((long)segments * part.Layout.StoredSegmentSize);
            server.InFlight++;
            server.InFlightBytes += range.Length;
            return server;
        }
    }

    /// <summary>Until a request has ended, or a server's pause may have.</summary>
    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        Task ended;
        lock (_gate) ended = _ended.Task;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(ended, Task.Delay(Pause, _options.Time, over.Token));
        await over.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    private void Received(ServerEntry server, int bytes)
    {
        server.InFlightBytes -= bytes;
        server.Rate.Add(bytes, Now, server.RoundTrip.Shortest ?? default);
    }

    private void Ended(ServerEntry server, ServerFault? fault, long bytes, int received, TimeSpan asked, TimeSpan answered, bool givenUp)
    {
        var concurrent = server.InFlight--;
        server.InFlightBytes -= bytes - received;
        _ended.TrySetResult();
        _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
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
            server.Delivered(received, asked, Now - answered, concurrent);
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

    private sealed record HashList(byte[] Bytes, PartVerifier Verifier);
}
