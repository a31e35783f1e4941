using System.CommandLine;
using SceneWorld;

var root = new RootCommand("SceneWorld: drawn scenes with a known truth, described with and without mistakes.")
{
    ShowCommand.Create(),
    DescribeCommand.Create(),
    BiasCommand.Create(),
    TrainCommand.Create(),
    PairsCommand.Create(),
    EvaluateCommand.Create(),
    GroundCommand.Create(),
};
return root.Parse(args).Invoke();
