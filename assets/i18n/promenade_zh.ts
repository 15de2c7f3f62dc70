<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en_GB">
<context>
    <name>AttractPage</name>
    <message>
        <source>Touch to begin</source>
        <translation>轻触屏幕开始</translation>
    </message>
    <message>
        <source>Welcome</source>
        <translation>欢迎光临</translation>
    </message>
    <message>
        <source>Each light is somebody here now. Nobody is recognised.</source>
        <translation>每个光点是此刻在场的一位访客，不识别任何人的身份。</translation>
    </message>
</context>
<context>
    <name>BeginBar</name>
    <message>
        <source>Touch to begin</source>
        <translation>轻触屏幕开始</translation>
    </message>
</context>
<context>
    <name>FactStrip</name>
    <message>
        <source>Quiet</source>
        <translation>清静</translation>
    </message>
    <message>
        <source>Lively</source>
        <translation>热闹</translation>
    </message>
    <message>
        <source>Busy</source>
        <translation>繁忙</translation>
    </message>
    <message>
        <source>Right now</source>
        <translation>此刻</translation>
    </message>
    <message>
        <source>Visitors today</source>
        <translation>今日客流</translation>
    </message>
    <message>
        <source>Opening hours</source>
        <translation>营业时间</translation>
    </message>
</context>
<context>
    <name>FloorMap</name>
    <message>
        <source>Floor plan</source>
        <translation>楼层平面图</translation>
    </message>
    <message>
        <source>Floor plan, %1</source>
        <translation>%1平面图</translation>
    </message>
</context>
<context>
    <name>GarmentCard</name>
    <message>
        <source>%1, size %2</source>
        <translation>%1，%2 码</translation>
    </message>
    <message>
        <source>Size %1</source>
        <translation>%1 码</translation>
    </message>
    <message>
        <source>Not mine</source>
        <translation>不是我的</translation>
    </message>
    <message>
        <source>%1: not mine</source>
        <translation>%1：不是我的</translation>
    </message>
</context>
<context>
    <name>IdlePage</name>
    <message>
        <source>Good morning</source>
        <translation>早上好</translation>
    </message>
    <message>
        <source>Good afternoon</source>
        <translation>下午好</translation>
    </message>
    <message>
        <source>Good evening</source>
        <translation>晚上好</translation>
    </message>
    <message>
        <source>Welcome to %1.</source>
        <translation>欢迎光临%1。</translation>
    </message>
</context>
<context>
    <name>ItemsPage</name>
    <message>
        <source>Your item</source>
        <translation>您的商品</translation>
    </message>
    <message>
        <source>Your items</source>
        <translation>您的商品</translation>
    </message>
    <message>
        <source>and %1 more</source>
        <translation>另有 %1 件</translation>
    </message>
</context>
<context>
    <name>Main</name>
    <message>
        <source>Promenade kiosk</source>
        <translation>Promenade 导览屏</translation>
    </message>
    <message>
        <source>Promenade mirror</source>
        <translation>Promenade 智能镜</translation>
    </message>
</context>
<context>
    <name>OpeningLine</name>
    <message>
        <source>Open until %1</source>
        <translation>营业至 %1</translation>
    </message>
    <message>
        <source>Open day and night</source>
        <translation>全天营业</translation>
    </message>
    <message>
        <source>Closing soon, at %1</source>
        <translation>即将打烊，%1 关门</translation>
    </message>
    <message>
        <source>Closed, open tomorrow at %1</source>
        <translation>今日已打烊，明日 %1 开门</translation>
    </message>
    <message>
        <source>Closed, opens at %1</source>
        <translation>尚未营业，%1 开门</translation>
    </message>
</context>
<context>
    <name>ProgrammeLine</name>
    <message>
        <source>On now</source>
        <translation>进行中</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>即将开始</translation>
    </message>
</context>
<context>
    <name>ProgrammeList</name>
    <message>
        <source>On today</source>
        <translation>今日活动</translation>
    </message>
    <message>
        <source>That was all for today. See you tomorrow.</source>
        <translation>今日活动已全部结束，明天见。</translation>
    </message>
</context>
<context>
    <name>SiteHeader</name>
    <message>
        <source>Welcome</source>
        <translation>欢迎光临</translation>
    </message>
</context>
<context>
    <name>StatusLine</name>
    <message>
        <source>The live view will be here in a moment</source>
        <translation>实时画面即将显示</translation>
    </message>
    <message>
        <source>Live view paused, as of %1</source>
        <translation>实时画面已暂停，截至 %1</translation>
    </message>
</context>
<context>
    <name>StillThere</name>
    <message>
        <source>Still there?</source>
        <translation>您还在吗？</translation>
    </message>
    <message>
        <source>This screen starts afresh in %1 s.</source>
        <translation>%1 秒后屏幕将重新开始。</translation>
    </message>
    <message>
        <source>I am still here</source>
        <translation>我还在</translation>
    </message>
</context>
<context>
    <name>WelcomePage</name>
    <message>
        <source>Welcome to %1</source>
        <translation>欢迎光临%1</translation>
    </message>
    <message>
        <source>Welcome</source>
        <translation>欢迎光临</translation>
    </message>
    <message>
        <source>Each light is somebody here now. Nobody is recognised.</source>
        <translation>每个光点是此刻在场的一位访客，不识别任何人的身份。</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
</context>
<context>
    <name>YouAreHere</name>
    <message>
        <source>You are here</source>
        <translation>您在此处</translation>
    </message>
</context>
</TS>
