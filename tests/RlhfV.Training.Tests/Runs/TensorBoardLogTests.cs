using System.Buffers.Binary;
using System.Text;
using RlhfV.Training.Runs;

namespace RlhfV.Training.Tests.Runs;

public sealed class TensorBoardLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Append_Step_WritesFramesWithMaskedChecksums()
    {
        using (var log = new TensorBoardLog(_folder.Path))
        {
            log.Start(0);
            log.Append(Progress(3));
        }

        List<byte[]> frames = Frames(File.ReadAllBytes(Directory.GetFiles(_folder.Path, "events.out.tfevents.*").Single()));

        Assert.Equal(2, frames.Count);
        Assert.Contains("brain.Event:2", Encoding.UTF8.GetString(frames[0]), StringComparison.Ordinal);
        string text = Encoding.UTF8.GetString(frames[1]);
        Assert.Contains("train/loss", text, StringComparison.Ordinal);
        Assert.DoesNotContain("validation/", text, StringComparison.Ordinal);

        // Field 1 is the time as a double, field 2 the step.
        Assert.Equal(0x09, frames[1][0]);
        Assert.Equal([0x10, 3], frames[1][9..11]);
        int loss = text.IndexOf("train/loss", StringComparison.Ordinal);
        int place = Find(frames[1], Encoding.UTF8.GetBytes("train/loss")) + 10;
        Assert.True(loss >= 0);
        Assert.Equal(0x15, frames[1][place]);
        Assert.Equal(0.25f, BinaryPrimitives.ReadSingleLittleEndian(frames[1].AsSpan(place + 1)));
    }

    [Fact]
    public void Start_AfterAResumption_TellsTensorBoardToDropLaterSteps()
    {
        using (var log = new TensorBoardLog(_folder.Path))
        {
            log.Start(7);
        }

        List<byte[]> frames = Frames(File.ReadAllBytes(Directory.GetFiles(_folder.Path).Single()));

        // Step 8, then session_log (field 7) with status START (field 1, value 1).
        Assert.Equal([0x10, 8, 0x3A, 2, 0x08, 1], frames[1][9..]);
    }

    [Fact]
    public void Start_AtTheBeginningAgain_DropsWhatAnEarlierProcessWrote()
    {
        using (var died = new TensorBoardLog(_folder.Path))
        {
            died.Start(0);
            died.Append(Progress(1));
        }

        string first = Directory.GetFiles(_folder.Path).Single();
        using (var log = new TensorBoardLog(_folder.Path))
        {
            log.Start(0);
        }

        List<byte[]> frames = Frames(File.ReadAllBytes(Directory.GetFiles(_folder.Path).Single(file => file != first)));

        // Step 1, then session_log with status START.
        Assert.Equal([0x10, 1, 0x3A, 2, 0x08, 1], frames[1][9..]);
    }

    private static TrainingProgress Progress(long step) => new()
    {
        Step = step,
        TotalSteps = 9,
        Epoch = 1,
        Loss = 0.25,
        RewardMargin = 0,
        RewardAccuracy = 0,
        ChosenLogProb = -1,
        RejectedLogProb = -1,
        GradientNorm = 1,
        LearningRate = 1,
    };

    private static int Find(byte[] data, byte[] part) => data.AsSpan().IndexOf(part);

    private static List<byte[]> Frames(byte[] file)
    {
        var frames = new List<byte[]>();
        for (int at = 0; at < file.Length;)
        {
            int length = (int)BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(at));
            Assert.Equal(Masked(file.AsSpan(at, 8)), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 8)));
            byte[] data = file[(at + 12)..(at + 12 + length)];
            Assert.Equal(Masked(data), BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at + 12 + length)));
            frames.Add(data);
            at += 16 + length;
        }

        return frames;
    }

    /// <summary>CRC32C bit by bit (Castagnoli polynomial, reflected), independent of the processor's instruction.</summary>
    private static uint Masked(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in data)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
            }
        }

        crc = ~crc;
        return unchecked(((crc >> 15) | (crc << 17)) + 0xa282ead8u);
    }
}
