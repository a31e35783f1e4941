using System.Buffers;
using System.Text;

namespace RlhfV.Preferences;

/// <summary>Splits a file into lines without decoding it, so that offsets and broken UTF-8 stay what they are.</summary>
internal static class LineReader
{
    private const int InitialBytes = 256 * 1024;

    /// <summary>The lines that hold more than spaces. Each line is valid until the next one is asked for.</summary>
    public static IEnumerable<TextLine> ReadLines(PreferenceSource source)
    {
        using FileStream stream = File.OpenRead(source.Path);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(InitialBytes);
        try
        {
            long number = 0;
            int start = 0;
            int end = 0;
            int searched = 0;
            bool atEnd = false;
            while (true)
            {
                int newLine = buffer.AsSpan(searched, end - searched).IndexOf((byte)'\n');
                if (newLine < 0 && !atEnd)
                {
                    searched = end;
                    MakeRoom(ref buffer, ref start, ref end, ref searched);
                    int count = stream.Read(buffer, end, buffer.Length - end);
                    atEnd = count == 0;
                    end += count;
                    continue;
                }

                int lineEnd = newLine < 0 ? end : searched + newLine;
                if (newLine < 0 && start == end)
                    yield break;

                number++;
                ReadOnlyMemory<byte> line = buffer.AsMemory(start, lineEnd - start);
                if (number == 1 && line.Span.StartsWith(Encoding.UTF8.Preamble))
                    line = line[Encoding.UTF8.Preamble.Length..];
                if (line.Span.EndsWith("\r"u8))
                    line = line[..^1];
                if (!line.Span.Trim((byte)' ').IsEmpty)
                    yield return new TextLine(number, line);

                start = searched = Math.Min(lineEnd + 1, end);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void MakeRoom(ref byte[] buffer, ref int start, ref int end, ref int searched)
    {
        if (end < buffer.Length)
            return;
        byte[] target = start > 0 ? buffer : ArrayPool<byte>.Shared.Rent(checked(buffer.Length * 2));
        buffer.AsSpan(start, end - start).CopyTo(target);
        if (target != buffer)
            ArrayPool<byte>.Shared.Return(buffer);
        buffer = target;
        end -= start;
        searched -= start;
        start = 0;
    }
}
