; Inno Setup 6 script of Promenade for Windows 10/11, 64 bit.
;
;   pyinstaller packaging\promenade.spec
;   iscc /DVersion=0.1.0 /DWinSW=C:\tools\WinSW-x64.exe packaging\windows\promenade.iss
;
; WinSW (MIT licence, github.com/winsw/winsw) runs a program as a service; it is not in this
; repository. docs\windows.md says what has been proven and what has not.

#ifndef Version
  #error Name the version: /DVersion=0.1.0
#endif
#ifndef WinSW
  #error Name WinSW's executable: /DWinSW=C:\tools\WinSW-x64.exe
#endif
#define Bundle "..\..\dist\promenade"

[Setup]
AppId={{7B0B3B0E-5C0B-4E0D-9D4A-7A5A9C6E2F11}
AppName=Promenade
AppVersion={#Version}
AppPublisher=Promenade
LicenseFile=..\..\LICENSE
DefaultDirName={autopf}\Promenade
DefaultGroupName=Promenade
DisableProgramGroupPage=yes
PrivilegesRequired=admin
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
OutputDir=..\..\dist
OutputBaseFilename=promenade-{#Version}-setup
Compression=lzma2/max
SolidCompression=yes
CloseApplications=no
UninstallDisplayIcon={app}\promenade-kiosk.exe

[Types]
Name: "store"; Description: "Store PC: edge service and screens"
Name: "hub"; Description: "Hub of a chain"
Name: "custom"; Description: "Choose"; Flags: iscustom

[Components]
Name: "programs"; Description: "Programs"; Types: store hub custom; Flags: fixed
Name: "edge"; Description: "Edge service, started with Windows"; Types: store
Name: "hub"; Description: "Hub service, started with Windows"; Types: hub

[Dirs]
Name: "{commonappdata}\Promenade"; Flags: uninsneveruninstall
Name: "{commonappdata}\Promenade\hub"; Flags: uninsneveruninstall
Name: "{commonappdata}\Promenade\logs"; Flags: uninsneveruninstall

[InstallDelete]
; What an older version had and this one has not.
Type: filesandordirs; Name: "{app}\lib"

[Files]
Source: "{#Bundle}\promenade.exe"; DestDir: "{app}"; Flags: ignoreversion
Source: "{#Bundle}\promenade-hub.exe"; DestDir: "{app}"; Flags: ignoreversion
Source: "{#Bundle}\promenade-kiosk.exe"; DestDir: "{app}"; Flags: ignoreversion
Source: "{#Bundle}\promenade-mirror.exe"; DestDir: "{app}"; Flags: ignoreversion
Source: "{#Bundle}\lib\*"; DestDir: "{app}\lib"; Flags: ignoreversion recursesubdirs createallsubdirs
Source: "{#WinSW}"; DestDir: "{app}\services"; DestName: "promenade-edge.exe"; Components: edge; Flags: ignoreversion
Source: "promenade-edge.xml"; DestDir: "{app}\services"; Components: edge; Flags: ignoreversion
Source: "{#WinSW}"; DestDir: "{app}\services"; DestName: "promenade-hub-service.exe"; Components: hub; Flags: ignoreversion
Source: "promenade-hub-service.xml"; DestDir: "{app}\services"; Components: hub; Flags: ignoreversion
Source: "shell-launcher.ps1"; DestDir: "{app}"; Flags: ignoreversion
Source: "..\docs\windows.md"; DestDir: "{app}"; Flags: ignoreversion

[Icons]
Name: "{group}\Set up this store PC"; Filename: "{app}\promenade.exe"; Parameters: "setup"; WorkingDir: "{commonappdata}\Promenade"; Components: edge
Name: "{group}\Operator's pages"; Filename: "http://127.0.0.1:8460/"; Components: edge
Name: "{group}\Kiosk"; Filename: "{app}\promenade-kiosk.exe"
Name: "{group}\Smart mirror"; Filename: "{app}\promenade-mirror.exe"

[Run]
; Settings, keys and ledger are for administrators and the services alone (S-1-5-19: LocalService).
Filename: "{sys}\icacls.exe"; Parameters: """{commonappdata}\Promenade"" /inheritance:r /grant *S-1-5-18:(OI)(CI)F *S-1-5-32-544:(OI)(CI)F *S-1-5-19:(OI)(CI)M"; Flags: runhidden
Filename: "{app}\services\promenade-edge.exe"; Parameters: "install"; Components: edge; Flags: runhidden
Filename: "{app}\services\promenade-hub-service.exe"; Parameters: "install"; Components: hub; Flags: runhidden
Filename: "{app}\promenade.exe"; Parameters: "setup"; WorkingDir: "{commonappdata}\Promenade"; Description: "Set up this store PC now"; Components: edge; Flags: postinstall skipifsilent
Filename: "{app}\services\promenade-edge.exe"; Parameters: "start"; Description: "Start the edge service"; Components: edge; Flags: postinstall skipifsilent runhidden

[UninstallRun]
Filename: "{app}\services\promenade-edge.exe"; Parameters: "stop --force"; RunOnceId: "StopEdge"; Components: edge; Flags: runhidden
Filename: "{app}\services\promenade-edge.exe"; Parameters: "uninstall"; RunOnceId: "RemoveEdge"; Components: edge; Flags: runhidden
Filename: "{app}\services\promenade-hub-service.exe"; Parameters: "stop --force"; RunOnceId: "StopHub"; Components: hub; Flags: runhidden
Filename: "{app}\services\promenade-hub-service.exe"; Parameters: "uninstall"; RunOnceId: "RemoveHub"; Components: hub; Flags: runhidden

[Code]
// An upgrade cannot replace the files of a service that runs.
procedure StopService(Name: String);
var
  Wrapper: String;
  Code: Integer;
begin
  Wrapper := ExpandConstant('{app}\services\') + Name + '.exe';
  if FileExists(Wrapper) then
    Exec(Wrapper, 'stop --force', '', SW_HIDE, ewWaitUntilTerminated, Code);
  if FileExists(Wrapper) then
    Exec(Wrapper, 'uninstall', '', SW_HIDE, ewWaitUntilTerminated, Code);
end;

function PrepareToInstall(var NeedsRestart: Boolean): String;
begin
  StopService('promenade-edge');
  StopService('promenade-hub-service');
  Result := '';
end;
