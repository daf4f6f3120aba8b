#!/usr/bin/env dotnet
#:project ../../Scdn.Media/Scdn.Media.csproj
#:property PublishAot=false

// trace FILE…: the seconds that FFmpeg's trace of the head takes, for each file.
using System.Diagnostics;
using System.Globalization;
using Scdn.Media.Probing;
using Scdn.Media.Tools;
using Scdn.Media.Tracing;

var tools = FFmpegTools.Find();
foreach (var file in args)
{
    var probed = await new MediaProbe(tools).ProbeAsync(file, CancellationToken.None);
    if (!probed.IsMedia)
    {
        Console.Error.WriteLine(probed.Fault.Message);
        return 1;
    }

    var began = Stopwatch.GetTimestamp();
    var trace = await new HeadTracer(tools, new()).TraceAsync(file, probed.Info, CancellationToken.None);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(began).TotalSeconds:0.00} {Path.GetFileName(file)}, {trace.Head.Sum(range => range.Length)} bytes of head"));
}

return 0;
