// Reads a content like a file: signs in, asks to play, copies a range of the original to standard output.
//   ReadContent SITE USER PASSWORD-FILE CONTENT-ID [OFFSET [LENGTH]] > out.bin
using Scdn.Client;
using Scdn.Client.Sessions;
using Scdn.Format;

if (args.Length is < 4 or > 6 || !ContentId.TryParse(args[3], out var content))
{
    await Console.Error.WriteLineAsync("ReadContent SITE USER PASSWORD-FILE CONTENT-ID [OFFSET [LENGTH]]");
    return 2;
}

try
{
    var password = File.ReadLines(args[2]).First();
    using var session = await SiteClient.SignInAsync(new(args[0]), args[1], password, TimeProvider.System, CancellationToken.None);
    var site = new SiteClient(session, TimeProvider.System);

    // One request gives header, keys and servers; the network manager then fetches from all of them.
    var grant = await site.PlayAsync(content, CancellationToken.None);
    await using var network = NetworkManager.Start(grant, new NetworkOptions());

    // The stream can be read and sought at once: what is not here yet is waited for, and checked before it is given out.
    await using var stream = network.OpenStream();
    stream.Position = args.Length > 4 ? long.Parse(args[4]) : 0;
    var remaining = args.Length > 5 ? long.Parse(args[5]) : stream.Length - stream.Position;
    await using var output = Console.OpenStandardOutput();
    var buffer = new byte[64 * 1024];
    while (remaining > 0 && await stream.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, remaining))) is > 0 and var count)
    {
        await output.WriteAsync(buffer.AsMemory(0, count));
        remaining -= count;
    }

    return 0;
}
catch (ScdnException error)
{
    await Console.Error.WriteLineAsync(error.Message);
    return 1;
}
